"""The files TensorFlow 1.15 reads and writes, as bytes: no graph or session is known here."""
