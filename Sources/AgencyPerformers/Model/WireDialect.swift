// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What one kind of provider speaks: how requests are written, answers put together and errors understood.
protocol WireDialect: Sendable {
    associatedtype Translator: EventTranslator

    /// Writes a request.
    ///
    /// - Throws: ``PerformerError`` with `.badRequest` or `.badProfile` when it cannot be written.
    func request(for request: TurnRequest) throws(PerformerError) -> HTTPRequest

    /// Makes a translator for the answer to one request.
    func makeTranslator() -> Translator

    /// Understands an answer with a status other than 2xx.
    func error(status: Int, headers: [HTTPHeader], body: [UInt8]) -> PerformerError
}
