"""Writes a tiny model with random weights: python make_model.py FILE.gguf

Nothing is downloaded and nothing is known to it. Its tokens are single characters. The first number of every embedding is
large and the same for all tokens, so that the first column of the output matrix acts as a bias on each token: quotation
marks and closing brackets are made likely, so that answers come to an end, and raw bytes unlikely, so that they stay text.
"""

import sys

import gguf
import numpy

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 32768
CHARACTERS = [chr(code) for code in range(33, 127)] + ["\u2581"]  # the last stands for a space
TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}"
kind = gguf.TokenType

# name, type, bias
tokens = [("<unk>", kind.UNKNOWN, -4), ("<s>", kind.CONTROL, -4), ("</s>", kind.CONTROL, 0.2)]
tokens += [(f"<0x{byte:02X}>", kind.BYTE, -2) for byte in range(256)]
tokens += [(character, kind.NORMAL, 0.35 if character in '"}]' else 0) for character in CHARACTERS]

chance = numpy.random.default_rng(0)


def noise(*shape, scale=0.05):
    return (chance.standard_normal(shape) * scale).astype(numpy.float32)


writer = gguf.GGUFWriter(sys.argv[1], "llama")
writer.add_name("tiny-random")
writer.add_context_length(CONTEXT)
writer.add_embedding_length(WIDTH)
writer.add_block_count(LAYERS)
writer.add_feed_forward_length(INNER)
writer.add_head_count(HEADS)
writer.add_head_count_kv(HEADS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_rope_dimension_count(WIDTH // HEADS)
writer.add_vocab_size(len(tokens))
writer.add_file_type(gguf.LlamaFileType.ALL_F32)
writer.add_tokenizer_model("llama")
writer.add_token_list([name.encode() for name, _, _ in tokens])
writer.add_token_types([type_ for _, type_, _ in tokens])
writer.add_token_scores([-float(place) for place in range(len(tokens))])
writer.add_unk_token_id(0)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
writer.add_chat_template(TEMPLATE)

embedding = noise(len(tokens), WIDTH)
embedding[:, 0] = 4
output = noise(len(tokens), WIDTH, scale=0.35)
output[:, 0] = [bias for _, _, bias in tokens]
ones = numpy.ones(WIDTH, numpy.float32)
writer.add_tensor("token_embd.weight", embedding)
writer.add_tensor("output_norm.weight", ones)
writer.add_tensor("output.weight", output)
for layer in range(LAYERS):
    name = f"blk.{layer}."
    writer.add_tensor(name + "attn_norm.weight", ones)
    writer.add_tensor(name + "ffn_norm.weight", ones)
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        writer.add_tensor(f"{name}{part}.weight", noise(WIDTH, WIDTH))
    writer.add_tensor(name + "ffn_gate.weight", noise(INNER, WIDTH))
    writer.add_tensor(name + "ffn_up.weight", noise(INNER, WIDTH))
    writer.add_tensor(name + "ffn_down.weight", noise(WIDTH, INNER))

writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
