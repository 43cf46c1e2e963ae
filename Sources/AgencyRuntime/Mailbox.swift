// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Gathers what many tasks deliver, so that their one reader takes all of it that is there at once.
///
/// What arrives while the reader is busy, with a durable append for instance, is then dealt with together.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var letters: [Element] = []
        var reader: CheckedContinuation<[Element], Never>?
    }

    private let state = Mutex(State())

    /// Delivers something.
    func put(_ letter: Element) {
        let reader = state.withLock { state -> CheckedContinuation<[Element], Never>? in
            guard let reader = state.reader else {
                state.letters.append(letter)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: [letter])
    }

    /// Takes everything there is, waiting until there is something; for one reader, who knows that more will come.
    func take() async -> [Element] {
        await withCheckedContinuation { continuation in
            let letters = state.withLock { state -> [Element] in
                let letters = state.letters
                state.letters = []
                if letters.isEmpty { state.reader = continuation }
                return letters
            }
            if !letters.isEmpty { continuation.resume(returning: letters) }
        }
    }
}
