"""TensorFlow's protocol buffers in our own package, so that a real TensorFlow can live beside it.

Field names, field numbers and enum values are TensorFlow 1.15's. Event and Summary are
tensorboardX's (see `tflite_edu.formats.events`). The `*_pb2.py` files are generated:
`python -m tflite_edu.formats.proto.generate`.
"""
