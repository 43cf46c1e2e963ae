// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Speaks Anthropic's messages.
struct AnthropicDialect: WireDialect {
    private let builder: AnthropicRequestBuilder
    private let errors: AnthropicErrorMapper

    init(profile: Profile, key: String?) throws(PerformerError) {
        builder = try AnthropicRequestBuilder(profile: profile, key: key)
        errors = AnthropicErrorMapper(key: key)
    }

    func request(for request: TurnRequest) throws(PerformerError) -> HTTPRequest { try builder.request(for: request) }

    func makeTranslator() -> AnthropicEventTranslator { AnthropicEventTranslator(errors: errors) }

    func error(status: Int, headers: [HTTPHeader], body: [UInt8]) -> PerformerError {
        errors.error(status: status, headers: headers, body: body)
    }
}
