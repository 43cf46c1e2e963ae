"""Serves a model with llama.cpp's own HTTP server until it is ended: python serve.py FILE.gguf PORT"""

import signal
import sys

import xllamacpp

SLOTS = 2
settings = xllamacpp.CommonParams()
settings.model.path = sys.argv[1]
settings.hostnames = ["127.0.0.1"]
settings.port = int(sys.argv[2])
settings.n_parallel = SLOTS
settings.n_ctx = 32768 * SLOTS  # shared out among the slots
settings.use_jinja = True
settings.warmup = False
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(settings)
print("listening on", server.listening_address, flush=True)
signal.pause()
