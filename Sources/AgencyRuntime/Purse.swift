// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Synchronization

/// What a run may still consume: reserved before a call, settled after it.
///
/// The state is protected by the mutex; parallel episodes draw on one purse.
final class Purse: Sendable {
    private struct Account {
        var spent: Usage
        var seconds: Double
        var reserved = Usage()
    }

    private let limit: Budget
    private let account: Mutex<Account>

    init(limit: Budget, spent: Usage, seconds: Double) {
        self.limit = limit
        account = Mutex(Account(spent: spent, seconds: seconds))
    }

    /// Sets the worst case of a call aside.
    ///
    /// - Throws: ``OutOfBudget`` naming the resource that would not suffice; nothing is set aside then.
    func reserve(_ worst: Usage) throws(OutOfBudget) {
        try account.withLock { account throws(OutOfBudget) in
            let total = account.spent + account.reserved + worst
            if let tokens = limit.tokens, total.tokens > tokens {
                throw OutOfBudget("the brief's \(tokens) tokens do not suffice for another call of \(worst.tokens)")
            }
            if let calls = limit.calls, total.calls > calls {
                throw OutOfBudget("the brief's \(calls) calls are used up")
            }
            if let money = limit.money, total.money > money {
                throw OutOfBudget("the brief's \(money) do not suffice for another call of up to \(worst.money)")
            }
            if let seconds = limit.seconds, account.seconds >= seconds {
                throw OutOfBudget("the brief's \(seconds.shortText) seconds of performing are used up")
            }
            account.reserved += worst
        }
    }

    /// Replaces what was set aside by what was consumed.
    func settle(_ worst: Usage, actual: Usage, seconds: Double) {
        account.withLock { account in
            account.reserved = Usage(
                inputTokens: account.reserved.inputTokens - worst.inputTokens,
                outputTokens: account.reserved.outputTokens - worst.outputTokens,
                money: account.reserved.money - worst.money,
                calls: account.reserved.calls - worst.calls
            )
            account.spent += actual
            account.seconds += seconds
        }
    }
}

/// Says which resource would not suffice.
struct OutOfBudget: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
