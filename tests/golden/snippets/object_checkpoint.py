import os
import shutil
import tempfile

folder = tempfile.mkdtemp()


def base(value):
    return str(value).replace(folder, "FOLDER")


def message(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {base(error).splitlines()[0]}"
    return "no error"


v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
r = tf.get_variable("r", [], initializer=tf.ones_initializer(), use_resource=True)
with tf.device("/cpu:0"):
    placed = tf.get_variable("placed", [], initializer=tf.zeros_initializer())
adam = tf.train.AdamOptimizer(0.1)
momentum = tf.train.MomentumOptimizer(0.1, 0.9)
step = adam.minimize(tf.reduce_sum(v) + tf.square(r) + placed)
with tf.control_dependencies([step]):
    step = momentum.minimize(tf.square(r) * 0.5, var_list=[r])
inner = tf.train.Checkpoint(r=r, again=v)
root = tf.train.Checkpoint(z=v, opt=adam, mo=momentum, inner=inner, **{"a/b.c": placed})
root.listed = [r, {"k": v}]
facts = []
try:
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(step)
        facts.append(base(root.save(os.path.join(folder, "ck"), session)))
        session.run(step)
        facts.append(base(root.save(os.path.join(folder, "ck"), session)))
        facts.append(base(root.write(os.path.join(folder, "new", "written"), session)))
        facts += sorted(os.listdir(folder)) + sorted(os.listdir(os.path.join(folder, "new")))
        with open(os.path.join(folder, "checkpoint")) as text:
            facts.append(text.read())
        reader = tf.train.NewCheckpointReader(os.path.join(folder, "ck-1"))
        keys = sorted(reader.get_variable_to_shape_map())
        facts += keys + [str(reader.get_tensor(k).tolist()) for k in keys if k[0] != "_"]
        before = [x.tolist() for x in session.run([v, r, placed] + adam.variables())]
        session.run(tf.global_variables_initializer())
        status = root.restore(os.path.join(folder, "ck-2"))
        status.assert_consumed().assert_existing_objects_matched().run_restore_ops(session)
        after = [x.tolist() for x in session.run([v, r, placed] + adam.variables())]
        facts += [str(before == after), str(session.run(root.save_counter))]
        root.restore(os.path.join(folder, "ck-1")).initialize_or_restore(session)
        facts += [str(session.run(root.save_counter)), str(session.run(r).tolist())]
        other = tf.train.Checkpoint(z=v, extra=tf.get_variable("extra", initializer=3.0))
        partial = other.restore(os.path.join(folder, "ck-1"))
        partial.assert_nontrivial_match().expect_partial()
        facts += [
            message(partial.assert_consumed),
            message(partial.assert_existing_objects_matched),
            message(lambda: root.restore(os.path.join(folder, "absent"))),
            message(lambda: root.restore(None).run_restore_ops(session)),
            message(lambda: root.restore(None).assert_consumed()),
            message(lambda: tf.train.Checkpoint(x=3)),
            message(lambda: tf.train.Checkpoint(x=[v])),
        ]
        partial.initialize_or_restore(session)
        facts += [str(session.run(other.extra))]
        kept = tf.train.CheckpointManager(other, os.path.join(folder, "kept"), max_to_keep=2)
        facts += [base(kept.latest_checkpoint), base(kept.checkpoints)]
        for number in (None, None, None, 77):
            facts.append(base(kept.save(number)))
        facts += [base(kept.latest_checkpoint), base(kept.checkpoints)]
        facts += sorted(os.listdir(os.path.join(folder, "kept")))
        later = tf.train.CheckpointManager(other, os.path.join(folder, "kept"), 1)
        facts += [
            base(later.checkpoints),
            base(later.save(tf.constant(5))),
            base(later.checkpoints),
        ]
        facts += [message(lambda: tf.train.CheckpointManager(other, folder, 0))]
finally:
    shutil.rmtree(folder)
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
