// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Understands the errors of Anthropic's interface.
///
/// > Source: <https://platform.claude.com/docs/en/api/errors>.
struct AnthropicErrorMapper: Sendable {
    private let reading: ErrorReading

    init(key: String? = nil) { reading = ErrorReading(key: key) }

    /// Understands an answer with a status other than 2xx.
    func error(status: Int, headers: [HTTPHeader], body: [UInt8]) -> PerformerError {
        let (message, _) = reading.message(in: body, status: status)
        var code = reading.code(status: status) ?? .protocolViolation
        if code == .badRequest, ErrorReading.tellsOfContext(message) { code = .contextOverflow }
        return reading.error(code, message, after: ErrorReading.retryAfter(headers))
    }

    /// Understands an error object that comes with status 200, in a stream or alone.
    func error(object: JSONValue) -> PerformerError {
        let message = object["message"]?.string ?? object.string ?? object.compactText
        var code = Self.code(of: object["type"]?.string)
        if code == .badRequest, ErrorReading.tellsOfContext(message) { code = .contextOverflow }
        return reading.error(code, message)
    }

    private static func code(of type: String?) -> PerformerError.Code {
        switch type {
        case "authentication_error", "permission_error", "billing_error": .unauthorized
        case "rate_limit_error": .rateLimited
        case "invalid_request_error", "not_found_error", "request_too_large": .badRequest
        case "exceed_context_size_error": .contextOverflow
        case "timeout_error": .timeout
        // `overloaded_error`, `api_error` and whatever may come: trouble over there, tried again within bounds.
        default: .overloaded
        }
    }
}
