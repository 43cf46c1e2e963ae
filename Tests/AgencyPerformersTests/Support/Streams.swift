// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Streams as the providers send them, with text, a tool call and usage.
enum Streams {
    static let openAI = """
        : keep-alive

        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-test-2","choices":[{"index":0,\
        "delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{"content":"Let me löök"},\
        "finish_reason":null}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{"content":"."},"finish_reason":null}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,\
        "id":"call_a","type":"function","function":{"name":"sqlite_query","arguments":""}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,\
        "function":{"arguments":"{\\"sql\\":"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,\
        "function":{"arguments":"\\"select 1\\"}"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

        data: {"id":"chatcmpl-1","model":"gpt-test-2","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":30,\
        "total_tokens":150,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":\
        {"reasoning_tokens":12}}}

        data: [DONE]


        """

    static let anthropic = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],\
        "model":"claude-test-1","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":20,\
        "cache_creation_input_tokens":30,"cache_read_input_tokens":100,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me löök"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"."}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_a",\
        "name":"sqlite_query","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"sql\\":"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\\"select 1\\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":30}}

        event: message_stop
        data: {"type":"message_stop"}


        """

    /// A stream of chat completions with these choices, then these lines.
    static func openAI(_ chunks: [String], end: String = "data: [DONE]\n\n") -> String {
        chunks.map { "data: \($0)\n\n" }.joined() + end
    }

    /// A chunk with a delta and a reason to finish.
    static func chunk(_ delta: String, _ reason: String? = nil) -> String {
        let reason = reason.map { "\"\($0)\"" } ?? "null"
        return "{\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":\(delta),\"finish_reason\":\(reason)}]}"
    }

    /// A streamed message with these blocks as (start, deltas), ended for this reason.
    static func anthropic(
        _ blocks: [(start: String, deltas: [String])],
        reason: String = "end_turn",
        end: String = "data: {\"type\":\"message_stop\"}\n\n"
    ) -> String {
        var text =
            "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":10}}}\n\n"
        for (index, block) in blocks.enumerated() {
            text += "data: {\"type\":\"content_block_start\",\"index\":\(index),\"content_block\":\(block.start)}\n\n"
            for delta in block.deltas {
                text += "data: {\"type\":\"content_block_delta\",\"index\":\(index),\"delta\":\(delta)}\n\n"
            }
            text += "data: {\"type\":\"content_block_stop\",\"index\":\(index)}\n\n"
        }
        text +=
            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"\(reason)\"},\"usage\":{\"output_tokens\":5}}\n\n"
        return text + end
    }

    /// A streamed message of one text.
    static func anthropic(text: String, reason: String = "end_turn") -> String {
        anthropic(
            [("{\"type\":\"text\",\"text\":\"\"}", ["{\"type\":\"text_delta\",\"text\":\"\(text)\"}"])],
            reason: reason
        )
    }
}
