"""The workloads, written once for TensorFlow 1.15 and for this project: `tf` is either module.

`make(tf, folder)` builds what is not timed and returns the step that is; what the step returns is
compared between the peers, so that they are known to have done the same. The code also runs on
Python 3.7, TensorFlow 1.15's last.
"""

import functools
import os
import shutil

import numpy as np

WORKLOADS = {}


def workload(title):
    def register(make):
        WORKLOADS[make.__name__] = (title, make)
        return make

    return register


def opened(tf, graph):
    """A session of the graph, its variables initialized."""
    session = tf.Session(graph=graph)
    with graph.as_default():
        session.run(tf.global_variables_initializer())
    return session


def weights(random, *shape):
    fan_in = int(np.prod(shape[:-1]))
    return (random.randn(*shape) * np.sqrt(2.0 / fan_in)).astype(np.float32)


@workload("define a 300-layer net and its gradients")
def define(tf, folder):
    def step():
        with tf.Graph().as_default() as graph:
            x = tf.placeholder(tf.float32, [None, 32])
            h = x
            variables = []
            for i in range(300):
                with tf.variable_scope(f"layer{i}"):
                    w = tf.get_variable("w", [32, 32], initializer=tf.constant_initializer(0.1))
                    variables.append(w)
                    h = tf.tanh(tf.matmul(h, w) + 0.1)
            tf.gradients(tf.reduce_mean(h), variables)
            return len(graph.get_operations())

    return step


@workload("built MLP graph to first finished step, new session")
def first_step(tf, folder):
    graph, feeds, train, loss = mlp_graph(tf, (784, 256, 128, 10), adam=False)
    with graph.as_default():
        initializer = tf.global_variables_initializer()

    def step():
        with tf.Session(graph=graph) as session:
            session.run(initializer)
            return session.run([train, loss], feeds)[1]

    return step


@workload("x ** 2 with GradientDescent, fetch step, x, f")
def square(tf, folder):
    with tf.Graph().as_default() as graph:
        x = tf.Variable(2.0, dtype=tf.float32)
        f = x**2
        train = tf.train.GradientDescentOptimizer(0.001).minimize(f)
        session = opened(tf, graph)
    fetches = [train, x, f]
    return lambda: session.run(fetches)[2]


@workload("linear regression 1000x3, float64 feeds, fetch step, loss, weights")
def regression(tf, folder):
    inputs, targets = regression_data()
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float64, [None, 3])
        y = tf.placeholder(tf.float64, [None, 1])
        w = tf.Variable(np.zeros((3, 1)))
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))
        train = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
        session = opened(tf, graph)
    fetches, feeds = [train, loss, w], {x: inputs, y: targets}
    return lambda: session.run(fetches, feeds)[1]


def regression_data():
    random = np.random.RandomState(0)
    inputs = random.randn(1000, 3)
    return inputs, inputs.dot([[1.0], [-2.0], [0.5]]) + 0.1 * random.randn(1000, 1)


def mlp_data(sizes, batch=128):
    """(inputs, labels, weight and bias arrays in turn) of a network of these layer sizes."""
    random = np.random.RandomState(0)
    inputs = random.rand(batch, sizes[0]).astype(np.float32)
    labels = random.randint(0, sizes[-1], batch)
    arrays = []
    for rows, columns in zip(sizes, sizes[1:]):
        arrays += [weights(random, rows, columns), np.zeros(columns, np.float32)]
    return inputs, labels, arrays


def mlp_graph(tf, sizes, adam):
    inputs, labels, arrays = mlp_data(sizes)
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, sizes[0]])
        y = tf.placeholder(tf.int64, [None])
        h = x
        for i in range(0, len(arrays), 2):
            h = tf.matmul(h, tf.Variable(arrays[i])) + tf.Variable(arrays[i + 1])
            if i + 2 < len(arrays):
                h = tf.nn.relu(h)
        loss = classification_loss(tf, y, h)
        train = optimizer(tf, adam).minimize(loss)
    return graph, {x: inputs, y: labels}, train, loss


def classification_loss(tf, labels, logits):
    entropies = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(entropies)


def optimizer(tf, adam):
    return tf.train.AdamOptimizer(1e-4) if adam else tf.train.GradientDescentOptimizer(0.01)


def trained(tf, graph, feeds, train, loss):
    session = opened(tf, graph)
    fetches = [train, loss]
    return lambda: session.run(fetches, feeds)[1]


@workload("MLP 784-256-128-10, batch 128, GradientDescent")
def mlp(tf, folder):
    return trained(tf, *mlp_graph(tf, (784, 256, 128, 10), adam=False))


@workload("the same with Adam")
def mlp_adam(tf, folder):
    return trained(tf, *mlp_graph(tf, (784, 256, 128, 10), adam=True))


@workload("MLP 784-1024-1024-10, batch 128, Adam")
def wide_adam(tf, folder):
    return trained(tf, *mlp_graph(tf, (784, 1024, 1024, 10), adam=True))


def convnet_data():
    random = np.random.RandomState(0)
    images = random.rand(64, 28, 28, 1).astype(np.float32)
    labels = random.randint(0, 10, 64)
    shapes = ((5, 5, 1, 32), (5, 5, 32, 64), (7 * 7 * 64, 1024), (1024, 10))
    arrays = []
    for shape in shapes:
        arrays += [weights(random, *shape), np.zeros(shape[-1], np.float32)]
    return images, labels, arrays


def convnet_graph(tf):
    images, labels, arrays = convnet_data()
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 28, 28, 1])
        y = tf.placeholder(tf.int64, [None])
        variables = [tf.Variable(a) for a in arrays]
        h = x
        for i in (0, 2):
            h = tf.nn.conv2d(h, variables[i], strides=[1, 1, 1, 1], padding="SAME")
            h = tf.nn.relu(tf.nn.bias_add(h, variables[i + 1]))
            h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], padding="SAME")
        h = tf.reshape(h, [-1, 7 * 7 * 64])
        h = tf.nn.relu(tf.matmul(h, variables[4]) + variables[5])
        logits = tf.matmul(h, variables[6]) + variables[7]
        loss = classification_loss(tf, y, logits)
        train = optimizer(tf, adam=True).minimize(loss)
    return graph, {x: images, y: labels}, train, loss


@workload("conv 5x5x32, pool, conv 5x5x64, pool, 1024, 10 on 28x28, batch 64, Adam")
def convnet(tf, folder):
    return trained(tf, *convnet_graph(tf))


@workload("the same, forward only")
def convnet_forward(tf, folder):
    graph, feeds, _, loss = convnet_graph(tf)
    session = opened(tf, graph)
    return lambda: session.run(loss, feeds)


@workload("word2vec with nce_loss, 20,000x128, batch 128, 64 negatives, GradientDescent")
def word2vec(tf, folder):
    random = np.random.RandomState(0)
    words, context = random.randint(0, 20000, 128), random.randint(0, 20000, (128, 1))
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.int32, [128])
        y = tf.placeholder(tf.int32, [128, 1])
        vectors = tf.Variable(random.uniform(-1, 1, (20000, 128)).astype(np.float32))
        w = tf.Variable(np.zeros((20000, 128), np.float32))
        b = tf.Variable(np.zeros(20000, np.float32))
        inputs = tf.nn.embedding_lookup(vectors, x)
        loss = tf.reduce_mean(tf.nn.nce_loss(w, b, y, inputs, num_sampled=64, num_classes=20000))
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        session = opened(tf, graph)
    fetches, feeds = [train, loss], {x: words, y: context}

    def step():
        # The negatives are random, so the loss says nothing about whether peers agree.
        session.run(fetches, feeds)
        return 0.0

    return step


def elementwise_data():
    random = np.random.RandomState(0)
    return [random.randn(4_000_000).astype(np.float32) for _ in range(2)]


@workload("sum(tanh(a) sigmoid(b) + exp(-a a)) of 4M floats")
def elementwise(tf, folder):
    arrays = elementwise_data()
    with tf.Graph().as_default() as graph:
        a, b = (tf.placeholder(tf.float32, [None]) for _ in arrays)
        total = tf.reduce_sum(tf.tanh(a) * tf.sigmoid(b) + tf.exp(-a * a))
        session = opened(tf, graph)
    feeds = dict(zip((a, b), arrays))
    return lambda: session.run(total, feeds)


@workload("1,000 small ops in a chain")
def chain(tf, folder):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [10])
        h = x
        for _ in range(500):
            h = (h + 0.5) * 0.75
        session = opened(tf, graph)
    feeds = {x: np.arange(10, dtype=np.float32)}
    return lambda: float(session.run(h, feeds).sum())


def matmul_data():
    random = np.random.RandomState(0)
    return [random.randn(2048, 2048).astype(np.float32) for _ in range(2)]


@workload("2048^2 matmul")
def matmul(tf, folder):
    arrays = matmul_data()
    with tf.Graph().as_default() as graph:
        a, b = (tf.placeholder(tf.float32, [None, None]) for _ in arrays)
        product = tf.matmul(a, b)
        session = opened(tf, graph)
    feeds = dict(zip((a, b), arrays))
    return lambda: float(session.run(product, feeds)[0, 0])


@functools.lru_cache(maxsize=1)
def saver_of_200_megabytes(tf, folder):
    """(session, saver, path), the same for saving and restoring."""
    with tf.Graph().as_default() as graph:
        for i in range(5):
            tf.get_variable(f"v{i}", [2500, 4000], initializer=tf.ones_initializer())
        saver = tf.train.Saver()
        return opened(tf, graph), saver, os.path.join(folder, "model.ckpt")


@workload("save 200 MB")
def save(tf, folder):
    session, saver, path = saver_of_200_megabytes(tf, folder)

    def step():
        saver.save(session, path, write_meta_graph=False)
        return os.path.getsize(path + ".data-00000-of-00001")

    return step


@workload("restore 200 MB")
def restore(tf, folder):
    session, saver, path = saver_of_200_megabytes(tf, folder)
    saver.save(session, path, write_meta_graph=False)

    def step():
        saver.restore(session, path)
        return 0.0

    return step


@workload("ten scalars and a histogram of 10,000 to an event file")
def events(tf, folder):
    logs = os.path.join(folder, "logs")
    shutil.rmtree(logs, ignore_errors=True)
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [10000])
        mean = tf.reduce_mean(x)
        for i in range(10):
            tf.summary.scalar(f"scalar{i}", mean * i)
        tf.summary.histogram("histogram", x)
        merged = tf.summary.merge_all()
        session = opened(tf, graph)
    writer = tf.summary.FileWriter(logs)
    feeds = {x: np.random.RandomState(0).randn(10000).astype(np.float32)}
    steps = iter(range(1 << 30))

    def step():
        writer.add_summary(session.run(merged, feeds), next(steps))
        writer.flush()
        return 0.0

    return step


def small_example(tf, number):
    """A serialized example of a label, a name and four numbers."""
    features = {
        "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[number % 10])),
        "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"example %d" % number])),
        "values": tf.train.Feature(float_list=tf.train.FloatList(value=[number, 1.0, 2.0, 3.0])),
    }
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


@workload("100,000 small Examples read from a TFRecord file, Example.FromString of each")
def records(tf, folder):
    path = os.path.join(folder, "records")
    with tf.python_io.TFRecordWriter(path) as writer:
        for number in range(100000):
            writer.write(small_example(tf, number))

    def step():
        parse = tf.train.Example.FromString
        return sum(
            len(parse(record).features.feature) for record in tf.python_io.tf_record_iterator(path)
        )

    return step


@workload("parse_example, 1,000 Examples of three features")
def parsing(tf, folder):
    with tf.Graph().as_default() as graph:
        serialized = tf.placeholder(tf.string, [None])
        wanted = {
            "label": tf.FixedLenFeature([], tf.int64),
            "name": tf.VarLenFeature(tf.string),
            "values": tf.FixedLenFeature([4], tf.float32),
        }
        parsed = tf.parse_example(serialized, wanted)
        session = opened(tf, graph)
    fetches = [parsed["label"], parsed["name"].values, parsed["values"]]
    feeds = {serialized: np.array([small_example(tf, i) for i in range(1000)], object)}
    return lambda: session.run(fetches, feeds)[2].sum()


@workload("parse_example, 128 images of 784 floats")
def parsing_images(tf, folder):
    random = np.random.RandomState(0)
    examples = []
    for _ in range(128):
        values = tf.train.FloatList(value=random.rand(784))
        features = tf.train.Features(feature={"image": tf.train.Feature(float_list=values)})
        examples.append(tf.train.Example(features=features).SerializeToString())
    with tf.Graph().as_default() as graph:
        serialized = tf.placeholder(tf.string, [None])
        parsed = tf.parse_example(serialized, {"image": tf.FixedLenFeature([784], tf.float32)})
        session = opened(tf, graph)
    feeds = {serialized: np.array(examples, object)}
    return lambda: session.run(parsed["image"], feeds).sum()


@workload("decode_csv, 1,000 lines of four columns")
def lines(tf, folder):
    texts = [f"{i},{i / 7.0:.3f},word {i},{-i}" for i in range(1000)]
    with tf.Graph().as_default() as graph:
        records = tf.placeholder(tf.string, [None])
        columns = tf.decode_csv(records, [[0], [0.0], [""], [0]])
        session = opened(tf, graph)
    feeds = {records: np.array([text.encode() for text in texts], object)}
    return lambda: session.run(columns, feeds)[1].sum()
