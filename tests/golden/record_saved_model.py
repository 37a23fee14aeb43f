"""Records a SavedModel of the real TensorFlow 1.15 in the folder `files/saved_model`.

    python3.7 tests/golden/record_saved_model.py

The model is defined here for either library, so that the tests can import it.
"""

import os
import shutil
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "files", "saved_model")
ROWS = np.array([[1.0, 2.0], [-3.0, 0.5]], np.float32)
OUTPUTS = np.tanh(ROWS @ np.array([[2.0], [-1.0]], np.float32) + np.float32(0.25))
"""What `predict` gives for ROWS with the variables of `export`."""
WORDS = b"one\ntwo\n"


def export(tf, folder, words, as_text=False):
    """Writes a SavedModel: variables of both kinds, an asset, and graphs for two sets of tags.

    `words` is the path of the asset, whose content is WORDS. The main operation of the graph
    "serve" puts the asset's path into a local variable.
    """
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = tf.get_variable("w", initializer=np.array([[2.0], [-1.0]], np.float32))
    b = tf.get_variable("b", initializer=np.array([0.25], np.float32), use_resource=True)
    y = tf.tanh(tf.matmul(x, w) + b, name="y")
    where = tf.constant(words, name="where")
    tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, where)
    local = [tf.GraphKeys.LOCAL_VARIABLES]
    found = tf.get_variable("found", initializer="", trainable=False, collections=local)
    remember = tf.assign(found, where, name="remember").op
    sm = tf.saved_model
    signatures = {
        sm.DEFAULT_SERVING_SIGNATURE_DEF_KEY: sm.predict_signature_def({"rows": x}, {"out": y})
    }
    builder = sm.Builder(folder)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        builder.add_meta_graph_and_variables(
            session,
            [sm.SERVING],
            signatures,
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            main_op=remember,
            clear_devices=True,
            strip_default_attrs=True,
        )
    builder.add_meta_graph([sm.TRAINING, sm.GPU])
    return builder.save(as_text)


def main():
    import tensorflow as tf

    scratch = tempfile.mkdtemp()
    here = os.getcwd()
    # The asset's path is recorded, so it is one that says nothing of this machine.
    os.chdir(scratch)
    try:
        with open("words.txt", "wb") as file:
            file.write(WORDS)
        shutil.rmtree(FOLDER, ignore_errors=True)
        export(tf, FOLDER, "words.txt")
        with tf.Graph().as_default():
            export(tf, "text", "words.txt", as_text=True)
        shutil.move(os.path.join("text", "saved_model.pbtxt"), FOLDER)
    finally:
        os.chdir(here)
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
