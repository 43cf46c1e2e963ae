// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Understands the errors of OpenAI-compatible endpoints.
///
/// > Source: <https://platform.openai.com/docs/guides/error-codes>.
struct OpenAIErrorMapper: Sendable {
    private let reading: ErrorReading

    init(key: String? = nil) { reading = ErrorReading(key: key) }

    /// Understands an answer with a status other than 2xx.
    func error(status: Int, headers: [HTTPHeader], body: [UInt8]) -> PerformerError {
        let (message, object) = reading.message(in: body, status: status)
        let byStatus = reading.code(status: status) ?? .protocolViolation
        var code = byStatus
        switch byStatus {
        case .badRequest, .overloaded:
            let told = object.flatMap { Self.code(of: $0) }
            if told == .contextOverflow || told == .refusal { code = told ?? code }
            if byStatus == .badRequest, code == .badRequest, ErrorReading.tellsOfContext(message) {
                code = .contextOverflow
            }
        case .rateLimited: if object.flatMap({ Self.code(of: $0) }) == .unauthorized { code = .unauthorized }
        default: break
        }
        return reading.error(code, message, after: ErrorReading.retryAfter(headers))
    }

    /// Understands an error object that comes with status 200, in a stream or alone.
    func error(object: JSONValue) -> PerformerError {
        let status = (object["code"]?.integer ?? object["status"]?.integer).flatMap { Int(exactly: $0) }
        let byStatus = status.flatMap { (400..<600).contains($0) ? reading.code(status: $0) : nil }
        let message = object["message"]?.string ?? object.string ?? object.compactText
        var code = Self.code(of: object) ?? byStatus ?? .overloaded
        if code == .badRequest, ErrorReading.tellsOfContext(message) { code = .contextOverflow }
        return reading.error(code, message)
    }

    /// The class that an error's own words tell of.
    private static func code(of object: JSONValue) -> PerformerError.Code? {
        for word in [object["code"]?.string, object["type"]?.string] {
            switch word {
            case "context_length_exceeded", "exceed_context_size_error": return .contextOverflow
            case "content_filter", "content_policy_violation": return .refusal
            case "insufficient_quota", "billing_hard_limit_reached", "invalid_api_key", "authentication_error",
                "permission_error":
                return .unauthorized
            case "rate_limit_exceeded", "rate_limit_error": return .rateLimited
            case "invalid_request_error", "not_found_error", "model_not_found": return .badRequest
            case "server_error", "overloaded_error", "unavailable_error", "api_error": return .overloaded
            case "timeout", "timeout_error": return .timeout
            default: continue
            }
        }
        return nil
    }
}
