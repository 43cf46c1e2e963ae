// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How often each marked call was begun and answered: what a provider would put on the bill.
final class MockCounts: Sendable {
    /// The two counts of one call.
    struct Count: Hashable, Sendable {
        var begun = 0
        var answered = 0
    }

    private struct State {
        var calls: [String: Count] = [:]
        var active = 0
        var begun = 0
        var lastFirst: ContinuousClock.Instant?
    }

    private static let opening = Array("[[call:".utf8)
    private static let closing = UInt8(ascii: "]")
    private let state = Mutex(State())

    /// The mark that names a call in its prompt.
    static func mark(_ call: String) -> String { "[[call:\(call)]]" }

    /// The name of a call, from the mark in its prompt.
    static func call(in request: MockRequest) -> String? { request.text(after: opening) { $0 == closing } }

    func began(_ call: String) {
        state.withLock { state in
            state.calls[call, default: Count()].begun += 1
            state.active += 1
            state.begun += 1
            if state.lastFirst == nil { state.lastFirst = .now }
        }
    }

    func ended(_ call: String, wasAnswered: Bool) {
        state.withLock { state in
            state.active -= 1
            if wasAnswered { state.calls[call, default: Count()].answered += 1 }
        }
    }

    /// The counts of every call.
    var calls: [String: Count] { state.withLock { $0.calls } }
    /// How many different calls were answered.
    var answered: Int { state.withLock { state in state.calls.values.count { $0.answered > 0 } } }
    /// How many calls wait for their answers.
    var active: Int { state.withLock { $0.active } }

    /// Has the next call be the first one again.
    func awaitFirst() { state.withLock { $0.lastFirst = nil } }
    /// When the first call came since then.
    var first: ContinuousClock.Instant? { state.withLock { $0.lastFirst } }
}
