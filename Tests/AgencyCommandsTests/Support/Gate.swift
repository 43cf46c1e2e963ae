// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Lets so many through at once, first come, first served.
actor Gate {
    /// Tests that start programs: more of them at once would only be slower.
    static let tests = Gate(width: 5)
    /// For the few tests that take so long that they had better begin at once.
    static let long = Gate(width: 2)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(width: Int) { free = width }

    /// Waits for a place, works, and leaves it.
    func pass<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        await enter()
        do {
            let value = try await work()
            leave()
            return value
        } catch {
            leave()
            throw error
        }
    }

    private func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().resume()
    }
}
