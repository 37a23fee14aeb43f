import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
prefix = os.path.join(folder, "model")


def message(action):
    try:
        action()
    except Exception as error:
        return "{}: {}".format(
            type(error).__name__, str(error).splitlines()[0].replace(folder, "FOLDER")
        )
    return "no error"


saved = tf.Graph()
with saved.as_default(), tf.Session() as session:
    tf.get_variable("v", [2], initializer=tf.ones_initializer())
    session.run(tf.global_variables_initializer())
    tf.train.Saver().save(session, prefix)
errors = []
for shape, name, kind in (
    ([3], "v", tf.float32),
    ([2], "absent", tf.float32),
    ([2], "v", tf.int32),
):
    with tf.Graph().as_default(), tf.Session() as session:
        variable = tf.get_variable(name, shape, kind, initializer=tf.zeros_initializer())
        session.run(variable.initializer)
        saver = tf.train.Saver()
        errors.append(message(lambda saver=saver, session=session: saver.restore(session, prefix)))
        errors.append(str(session.run(variable).tolist()))
v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())
saver = tf.train.Saver()
with tf.Session() as session:
    errors += [
        message(lambda: saver.restore(session, os.path.join(folder, "absent"))),
        message(lambda: saver.restore(session, None)),
        message(lambda: saver.save(session, prefix)),
        message(lambda: tf.train.load_variable(folder, "v")),
        message(lambda: tf.train.load_variable(prefix, "absent")),
        message(lambda: tf.train.list_variables(os.path.join(folder, "absent"))),
        message(lambda: tf.train.NewCheckpointReader(os.path.join(folder, "absent"))),
        message(lambda: tf.train.Saver([v, v])),
        message(lambda: tf.train.Saver({"a": 3})),
        message(lambda: tf.train.Saver(max_to_keep=1).save(None, prefix)),
    ]
    session.run(v.initializer)
    errors += [message(lambda: saver.restore(session, prefix)), str(session.run(v).tolist())]
shutil.rmtree(folder)
FETCHES = [("errors", tf.constant(errors, name="errors"), None)]
