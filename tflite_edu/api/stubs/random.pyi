# Written by api/generate.py.
from tflite_edu.core.seeds import get_seed as get_seed
from tflite_edu.core.seeds import set_random_seed as set_random_seed
from tflite_edu.ops.candidate_sampling import all_candidate_sampler as all_candidate_sampler
from tflite_edu.ops.candidate_sampling import fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler
from tflite_edu.ops.candidate_sampling import log_uniform_candidate_sampler as log_uniform_candidate_sampler
from tflite_edu.ops.candidate_sampling import uniform_candidate_sampler as uniform_candidate_sampler
from tflite_edu.ops.random_distributions import categorical as categorical
from tflite_edu.ops.random_distributions import multinomial as multinomial
from tflite_edu.ops.random_distributions import random_gamma as gamma
from tflite_edu.ops.random_distributions import random_poisson as poisson
from tflite_edu.ops.random_ops import random_normal as normal
from tflite_edu.ops.random_ops import random_shuffle as shuffle
from tflite_edu.ops.random_ops import random_uniform as uniform
from tflite_edu.ops.random_ops import truncated_normal as truncated_normal
from tflite_edu.ops.stateless_random import stateless_categorical as stateless_categorical
from tflite_edu.ops.stateless_random import stateless_multinomial as stateless_multinomial
from tflite_edu.ops.stateless_random import stateless_random_normal as stateless_normal
from tflite_edu.ops.stateless_random import stateless_random_uniform as stateless_uniform
from tflite_edu.ops.stateless_random import stateless_truncated_normal as stateless_truncated_normal

__all__ = [
    "all_candidate_sampler",
    "categorical",
    "fixed_unigram_candidate_sampler",
    "gamma",
    "get_seed",
    "log_uniform_candidate_sampler",
    "multinomial",
    "normal",
    "poisson",
    "set_random_seed",
    "shuffle",
    "stateless_categorical",
    "stateless_multinomial",
    "stateless_normal",
    "stateless_truncated_normal",
    "stateless_uniform",
    "truncated_normal",
    "uniform",
    "uniform_candidate_sampler",
]
