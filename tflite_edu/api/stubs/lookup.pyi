# Written by api/generate.py.
from tflite_edu.ops.lookup import KeyValueTensorInitializer as KeyValueTensorInitializer
from tflite_edu.ops.lookup import StaticHashTable as StaticHashTable
from tflite_edu.ops.lookup import TextFileIndex as TextFileIndex
from tflite_edu.ops.lookup import TextFileInitializer as TextFileInitializer
from tflite_edu.ops.lookup_vocabularies import StaticVocabularyTable as StaticVocabularyTable

__all__ = [
    "KeyValueTensorInitializer",
    "StaticHashTable",
    "StaticVocabularyTable",
    "TextFileIndex",
    "TextFileInitializer",
]
