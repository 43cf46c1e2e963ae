// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyLedger
import AgencyRuntime
import Hummingbird

/// Why a request comes to nothing, for whoever made it.
struct Fault: Error {
    let status: HTTPResponse.Status
    let message: String
    /// What can be done instead, where it is only the method that is wrong.
    let allow: [String]

    init(_ status: HTTPResponse.Status, _ message: String, allow: [String] = []) {
        self.status = status
        self.message = message
        self.allow = allow
    }

    /// What is told of any error: the message where it was written for people, and nothing of the inside otherwise.
    init(_ error: any Error) {
        switch error {
        case let fault as Fault: self = fault
        case let error as RuntimeError where Self.status(of: error) != .internalServerError:
            self.init(Self.status(of: error), error.message)
        case let error as LedgerError where error.retry != .never:
            self.init(.serviceUnavailable, "The ledger cannot be used now; try again.")
        default:
            self.init(
                .internalServerError,
                "This did not work. Look at the run whether it was recorded; the terminal says more."
            )
        }
    }

    private static func status(of error: RuntimeError) -> HTTPResponse.Status {
        switch error.code {
        case .notFound: .notFound
        case .notNow, .stale, .busy, .takenOver: .conflict
        case .badInput: .badRequest
        case .notPermitted: .forbidden
        case .unavailable: .serviceUnavailable
        default: .internalServerError
        }
    }
}
#endif
