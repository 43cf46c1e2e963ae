// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import Synchronization

/// How many streams each may read at once: nobody takes all connections.
extension Doorkeeper {
    /// One stream that is open, for as long as this is kept.
    final class Stream: Sendable {
        private let end: @Sendable () -> Void

        fileprivate init(_ end: @escaping @Sendable () -> Void) { self.end = end }

        deinit { end() }
    }

    /// Opens a stream.
    ///
    /// - Returns: `nil` where too many are open.
    func openStream(for access: Access) -> Stream? {
        let key = access.program ?? Tokens.digest(access.browser?.token ?? "")
        // A program may be what shows pages to many.
        let most = access.program == nil ? Self.maximumStreams : Self.maximumOfProgram
        let isOpen = state.withLock { state in
            guard state.streams[key, default: 0] < most else { return false }
            state.streams[key, default: 0] += 1
            return true
        }
        return isOpen ? Stream { [weak self] in self?.closeStream(key) } : nil
    }

    private func closeStream(_ key: Digest) {
        state.withLock { state in
            let count = (state.streams[key] ?? 1) - 1
            state.streams[key] = count > 0 ? count : nil
        }
    }
}
#endif
