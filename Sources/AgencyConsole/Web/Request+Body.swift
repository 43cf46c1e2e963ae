// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import Hummingbird
import NIOCore

extension Request {
    /// Reads what is sent, which has a minute to arrive.
    ///
    /// - Throws: ``Fault`` when it takes longer; what reading throws when it is longer than so many bytes.
    func bytes(upTo most: Int) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await body.collect(upTo: most) }
            group.addTask {
                try await Task.sleep(for: .seconds(60))
                return nil
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() ?? nil else {
                throw Fault(.requestTimeout, "What was sent took too long to arrive.")
            }
            return bytes
        }
    }
}
#endif
