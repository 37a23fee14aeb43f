"""Word vectors by skip-grams and noise contrastive estimation."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import collections
import math
import random

import numpy as np
import tensorflow as tf

random.seed(1)
words = ('the quick brown fox jumps over the lazy dog while the cat sleeps and '
         'the dog runs over the brown hill to the fox and the cat').split() * 20
vocabulary_size = 15

def build_dataset(words, n_words):
  count = [['UNK', -1]]
  count.extend(sorted(collections.Counter(words).items(), key=lambda p: (-p[1], p[0]))[:n_words - 1])
  dictionary = dict((word, i) for i, (word, _) in enumerate(count))
  data = [dictionary.get(word, 0) for word in words]
  return data, count, dictionary, dict(zip(dictionary.values(), dictionary.keys()))

data, count, dictionary, reverse_dictionary = build_dataset(words, vocabulary_size)
print('Most common words', [c[0] for c in count[1:4]])
data_index = 0

def generate_batch(batch_size, skip_window):
  global data_index
  batch = np.ndarray(shape=(batch_size), dtype=np.int32)
  labels = np.ndarray(shape=(batch_size, 1), dtype=np.int32)
  for i in range(batch_size):
    batch[i] = data[data_index]
    labels[i, 0] = data[(data_index + 1 + i % skip_window) % len(data)]
    data_index = (data_index + 1) % len(data)
  return batch, labels

batch_size = 32
embedding_size = 16
num_sampled = 6
valid_examples = np.array([1, 2, 3])

graph = tf.Graph()
with graph.as_default():
  tf.set_random_seed(77)
  with tf.name_scope('inputs'):
    train_inputs = tf.placeholder(tf.int32, shape=[batch_size])
    train_labels = tf.placeholder(tf.int32, shape=[batch_size, 1])
    valid_dataset = tf.constant(valid_examples, dtype=tf.int32)
  with tf.device('/cpu:0'):
    with tf.name_scope('embeddings'):
      embeddings = tf.Variable(
          tf.random_uniform([vocabulary_size, embedding_size], -1.0, 1.0))
      embed = tf.nn.embedding_lookup(embeddings, train_inputs)
    with tf.name_scope('weights'):
      nce_weights = tf.Variable(
          tf.truncated_normal([vocabulary_size, embedding_size],
                              stddev=1.0 / math.sqrt(embedding_size)))
    with tf.name_scope('biases'):
      nce_biases = tf.Variable(tf.zeros([vocabulary_size]))
  with tf.name_scope('loss'):
    loss = tf.reduce_mean(
        tf.nn.nce_loss(weights=nce_weights, biases=nce_biases, labels=train_labels,
                       inputs=embed, num_sampled=num_sampled, num_classes=vocabulary_size))
  tf.summary.scalar('loss', loss)
  with tf.name_scope('optimizer'):
    optimizer = tf.train.GradientDescentOptimizer(0.2).minimize(loss)
  norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
  normalized_embeddings = embeddings / norm
  valid_embeddings = tf.nn.embedding_lookup(normalized_embeddings, valid_dataset)
  similarity = tf.matmul(valid_embeddings, normalized_embeddings, transpose_b=True)
  merged = tf.summary.merge_all()
  init = tf.global_variables_initializer()

with tf.Session(graph=graph) as session:
  init.run()
  average_loss = 0
  for step in range(101):
    batch_inputs, batch_labels = generate_batch(batch_size, 2)
    _, summary, loss_val = session.run(
        [optimizer, merged, loss], feed_dict={train_inputs: batch_inputs, train_labels: batch_labels})
    average_loss += loss_val
    if step % 50 == 0:
      print('Average loss at step %d: %.3f' % (step, average_loss / (50 if step else 1)))
      average_loss = 0
  sim = similarity.eval()
  for i in range(3):
    nearest = (-sim[i, :]).argsort()[1:4]
    print('Nearest to %s: %s' % (reverse_dictionary[valid_examples[i]],
                                 ', '.join(reverse_dictionary[k] for k in nearest)))
