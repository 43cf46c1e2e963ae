// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@testable import AgencyPerformers

struct ErrorMapperTests {
    private static let statuses: [(Int, PerformerError.Code, Bool)] = [
        (400, .badRequest, false), (404, .badRequest, false), (413, .badRequest, false), (422, .badRequest, false),
        (401, .unauthorized, false), (402, .unauthorized, false), (403, .unauthorized, false), (408, .timeout, true),
        (429, .rateLimited, true), (500, .overloaded, true), (501, .badRequest, false), (502, .overloaded, true),
        (503, .overloaded, true), (504, .overloaded, true), (520, .overloaded, true), (529, .overloaded, true),
        (302, .protocolViolation, false),
    ]

    @Test(arguments: statuses)
    func `a status has its class`(_ status: Int, _ code: PerformerError.Code, _ canRetry: Bool) {
        let body = Array(#"{"error":{"message":"It is so."}}"#.utf8)
        for error in [
            OpenAIErrorMapper().error(status: status, headers: [], body: body),
            AnthropicErrorMapper().error(status: status, headers: [], body: body),
        ] {
            #expect(error.code == code)
            #expect((error.retry != .never) == canRetry)
            #expect(error.message == "status \(status): It is so.")
        }
    }

    @Test(arguments: [
        (400, #"{"error":{"code":"context_length_exceeded","message":"m"}}"#, PerformerError.Code.contextOverflow),
        (400, #"{"error":{"code":400,"type":"exceed_context_size_error","message":"m"}}"#, .contextOverflow),
        (400, #"{"error":{"message":"This model's maximum context length is 8 tokens"}}"#, .contextOverflow),
        (400, #"{"error":{"code":"content_filter","message":"m"}}"#, .refusal),
        (429, #"{"error":{"code":"insufficient_quota","message":"m"}}"#, .unauthorized),
        (500, "<html>oops</html>", .overloaded), (500, "", .overloaded), (400, #"{"detail":"m"}"#, .badRequest),
        (400, #"{"error":"m"}"#, .badRequest),
    ])
    func `OpenAI's own words refine the class`(_ status: Int, _ body: String, _ code: PerformerError.Code) {
        #expect(OpenAIErrorMapper().error(status: status, headers: [], body: Array(body.utf8)).code == code)
    }

    @Test func `Anthropic's overflow is told from its words`() {
        let body = #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}"#
        #expect(AnthropicErrorMapper().error(status: 400, headers: [], body: Array(body.utf8)).code == .contextOverflow)
    }

    @Test func `a message is bounded, harmless, and without the key`() {
        let key = "sk-secret-123"
        let text = "wrong key \(key)\u{1B}[31m\u{202E}\n" + String(repeating: "x", count: 5000) + key
        let body = JSONValue.object(["error": ["message": .string(text)]]).canonicalBytes
        for error in [
            OpenAIErrorMapper(key: key).error(status: 401, headers: [], body: body),
            AnthropicErrorMapper(key: key).error(status: 401, headers: [], body: body),
            OpenAIErrorMapper(key: key).error(object: ["message": .string(text)]),
            AnthropicErrorMapper(key: key).error(object: ["message": .string(text)]),
        ] {
            #expect(error.message.count <= 300)
            #expect(!error.message.contains("secret"))
            #expect(error.message.contains("[key]\\u{1b}[31m\\u{202e}\\u{a}x"))
        }
    }

    @Test func `a key comes through neither in part nor behind a combining character`() {
        let mapper = OpenAIErrorMapper(key: "sk-secret-123")
        for filler in [
            String(repeating: "x", count: 1195), "e" + String(repeating: "\u{301}", count: 598),
            String(repeating: "x", count: 65_530), "",
        ] {
            let body = Array((filler + "sk-secret-123\u{301}").utf8)
            let message = mapper.error(status: 500, headers: [], body: body).message
            #expect(!message.contains("sk-"))
            #expect(message.unicodeScalars.count <= 300)
        }
    }

    @Test(
        arguments: [
            ("5", Duration.seconds(5)), ("0", .zero), ("1.5", .seconds(1.5)), ("86400", .seconds(60)),
            ("1e99", .seconds(60)),
            ("-3", nil), ("soon", nil), ("nan", nil), ("", nil), ("Sun, 06 Nov 1994 08:49:57 GMT", .seconds(20)),
            ("Sun, 06 Nov 1994 09:49:37 GMT", .seconds(60)), ("Sun, 06 Nov 1994 08:49:00 GMT", nil),
            ("Sun, 99 Nov 1994 08:49:00 GMT", nil),
        ] as [(String, Duration?)]
    )
    func `Retry-After is read and capped`(_ value: String, _ pause: Duration?) {
        let headers = [HTTPHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), HTTPHeader("Retry-After", value)]
        #expect(ErrorReading.retryAfter(headers) == pause)
        #expect(OpenAIErrorMapper().error(status: 429, headers: headers, body: []).retry == .later(pause))
    }

    @Test func `a date is read as seconds`() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.seconds("Sunday, 06-Nov-94 08:49:37 GMT") == nil)
    }

    @Test(arguments: [
        (#"{"type":"overloaded_error","message":"Overloaded"}"#, PerformerError.Code.overloaded),
        (#"{"type":"rate_limit_error","message":"m"}"#, .rateLimited),
        (#"{"type":"authentication_error","message":"m"}"#, .unauthorized),
        (#"{"type":"invalid_request_error","message":"m"}"#, .badRequest),
        (#"{"type":"timeout_error","message":"m"}"#, .timeout), (#"{"type":"brand_new","message":"m"}"#, .overloaded),
    ])
    func `an error in mid-stream is of its own class`(_ object: String, _ code: PerformerError.Code) throws {
        let object = try JSONValue(parsing: object)
        #expect(AnthropicErrorMapper().error(object: object).code == code)
        #expect(OpenAIErrorMapper().error(object: object).code == code)
    }

    @Test func `a number in an error object is a status`() {
        #expect(OpenAIErrorMapper().error(object: ["code": 429, "message": "m"]).code == .rateLimited)
        #expect(OpenAIErrorMapper().error(object: ["code": 403, "message": "m"]).code == .unauthorized)
        #expect(OpenAIErrorMapper().error(object: "words").code == .overloaded)
    }
}
