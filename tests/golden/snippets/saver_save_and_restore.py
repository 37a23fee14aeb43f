import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
v = tf.Variable([1.0, 2.0], name="v")
n = tf.Variable(np.int64(3), name="n")
step = tf.train.get_or_create_global_step()
saver = tf.train.Saver(max_to_keep=2)
prefix = os.path.join(folder, "model")
increment = tf.group(v.assign_add([1.0, 1.0]), step.assign_add(1))


def base(path):
    return str(path).replace(folder, "FOLDER")


facts = []
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    facts.append(base(saver.save(session, prefix, global_step=0, latest_filename="first")))
    for _i in range(3):
        session.run(increment)
        facts.append(base(saver.save(session, prefix, global_step=step)))
    facts += [base(path) for path in saver.last_checkpoints]
    facts.append(base(saver.save(session, os.path.join(folder, "plain"), write_meta_graph=False)))
    facts += sorted(os.listdir(folder))
    session.run(tf.global_variables_initializer())
    saver.restore(session, prefix + "-3")
    facts.append(str(session.run(v).tolist()))
    facts += [str(value) for value in session.run([n, step])]
facts.append(base(tf.train.latest_checkpoint(folder)))
facts.append(str(tf.train.latest_checkpoint(folder + "_absent")))
state = tf.train.get_checkpoint_state(folder)
facts += [base(state.model_checkpoint_path)] + [
    base(path) for path in state.all_model_checkpoint_paths
]
facts += [name + str(shape) for name, shape in tf.train.list_variables(folder)]
facts.append(str(tf.train.load_variable(folder, "v").tolist()))
reader = tf.train.NewCheckpointReader(prefix + "-3")
facts += [
    str(reader.has_tensor("v")),
    str(reader.get_tensor("n")),
    str(sorted(reader.get_variable_to_shape_map().items())),
]
facts += [
    str(tf.train.checkpoint_exists(prefix + "-3")),
    str(tf.train.checkpoint_exists(prefix + "-9")),
]
with open(os.path.join(folder, "checkpoint")) as text:
    facts.append(base(text.read()))
recovered = tf.train.Saver(name="recovered")
recovered.recover_last_checkpoints(state.all_model_checkpoint_paths)
facts += [base(path) for path in recovered.last_checkpoints]
shutil.rmtree(folder)
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
