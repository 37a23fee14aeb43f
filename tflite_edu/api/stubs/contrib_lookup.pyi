# Written by api/generate.py.
from tflite_edu.ops.lookup import FastHashSpec as FastHashSpec
from tflite_edu.ops.lookup import HashTable as HashTable
from tflite_edu.ops.lookup import HasherSpec as HasherSpec
from tflite_edu.ops.lookup import InitializableLookupTableBase as InitializableLookupTableBase
from tflite_edu.ops.lookup import KeyValueTensorInitializer as KeyValueTensorInitializer
from tflite_edu.ops.lookup import LookupInterface as LookupInterface
from tflite_edu.ops.lookup import MutableHashTable as MutableHashTable
from tflite_edu.ops.lookup import StrongHashSpec as StrongHashSpec
from tflite_edu.ops.lookup import TableInitializerBase as TableInitializerBase
from tflite_edu.ops.lookup import TextFileIdTableInitializer as TextFileIdTableInitializer
from tflite_edu.ops.lookup import TextFileIndex as TextFileIndex
from tflite_edu.ops.lookup import TextFileInitializer as TextFileInitializer
from tflite_edu.ops.lookup import TextFileStringTableInitializer as TextFileStringTableInitializer
from tflite_edu.ops.lookup_vocabularies import IdTableWithHashBuckets as IdTableWithHashBuckets
from tflite_edu.ops.lookup_vocabularies import contrib_index_table_from_tensor as index_table_from_tensor
from tflite_edu.ops.lookup_vocabularies import contrib_index_to_string_table_from_tensor as index_to_string_table_from_tensor
from tflite_edu.ops.lookup_vocabularies import index_table_from_file as index_table_from_file
from tflite_edu.ops.lookup_vocabularies import index_to_string_table_from_file as index_to_string_table_from_file

__all__ = [
    "FastHashSpec",
    "HashTable",
    "HasherSpec",
    "IdTableWithHashBuckets",
    "InitializableLookupTableBase",
    "KeyValueTensorInitializer",
    "LookupInterface",
    "MutableHashTable",
    "StrongHashSpec",
    "TableInitializerBase",
    "TextFileIdTableInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "TextFileStringTableInitializer",
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
]
