x = tf.placeholder(tf.float32, name="x")
parts = tf.split(tf.ones([4]), 2, name="parts")
graph = tf.get_default_graph()
facts = [
    graph.get_tensor_by_name("x:0").name,
    graph.get_operation_by_name("parts").type,
    graph.as_graph_element("parts:1").name,
    graph.as_graph_element("parts").name,
    graph.as_graph_element(x, allow_operation=False).name,
    str(graph.is_feedable(x)),
    str(graph.is_fetchable(parts[0])),
    str([o.name for o in graph.get_operations()]),
    str(graph.version),
    str(graph.finalized),
    str(graph.seed),
    str(graph is x.graph),
    str(tf.get_default_graph() is graph),
]
other = tf.Graph()
with other.as_default():
    tf.constant(1.0)
    facts.append(str([o.name for o in other.get_operations()]))
graph.prevent_feeding(parts[0])
graph.prevent_fetching(parts[1].op)
facts += [str(graph.is_feedable(parts[0])), str(graph.is_fetchable(parts[1]))]
FETCHES = [("facts", tf.constant(facts, name="facts"), None)]
