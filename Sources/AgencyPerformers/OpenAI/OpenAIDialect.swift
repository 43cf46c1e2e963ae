// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Speaks OpenAI's chat completions.
struct OpenAIDialect: WireDialect {
    private let builder: OpenAIRequestBuilder
    private let errors: OpenAIErrorMapper

    init(profile: Profile, key: String?) throws(PerformerError) {
        builder = try OpenAIRequestBuilder(profile: profile, key: key)
        errors = OpenAIErrorMapper(key: key)
    }

    func request(for request: TurnRequest) throws(PerformerError) -> HTTPRequest { try builder.request(for: request) }

    func makeTranslator() -> OpenAIEventTranslator { OpenAIEventTranslator(errors: errors) }

    func error(status: Int, headers: [HTTPHeader], body: [UInt8]) -> PerformerError {
        errors.error(status: status, headers: headers, body: body)
    }
}
