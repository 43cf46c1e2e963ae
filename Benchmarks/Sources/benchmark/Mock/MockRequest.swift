// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore

/// The body of a request to the mock server, looked through quickly, because the server shares the processors with what is
/// measured.
struct MockRequest {
    private let body: ByteBuffer

    init(_ body: ByteBuffer) { self.body = body }

    /// A number for it, the same for the same bytes.
    var number: UInt32 { body.withUnsafeReadableBytes(SmallAnswers.number) }

    /// What stands after a mark, up to a byte.
    ///
    /// - Parameters:
    ///   - mark: The mark.
    ///   - isLast: Whether it is looked for from the end.
    ///   - isEnd: Whether a byte no longer belongs to it.
    /// - Returns: The text, or `nil` when the mark is not there.
    func text(after mark: [UInt8], isLast: Bool = false, until isEnd: (UInt8) -> Bool) -> String? {
        body.withUnsafeReadableBytes { bytes in
            var found: Int?
            var start = 0
            while let place = Self.place(of: mark, in: UnsafeRawBufferPointer(rebasing: bytes[start...])) {
                start += place + mark.count
                found = start
                if !isLast { break }
            }
            guard let found else { return nil }
            return String(decoding: bytes[found...].prefix { !isEnd($0) }, as: UTF8.self)
        }
    }

    private static func place(of mark: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let first = mark.first else { return nil }
        var place = 0
        while place + mark.count <= bytes.count,
            let next = memchr(base + place, Int32(first), bytes.count - mark.count - place + 1)
        {
            if memcmp(next, mark, mark.count) == 0 { return base.distance(to: UnsafeRawPointer(next)) }
            place = base.distance(to: UnsafeRawPointer(next)) + 1
        }
        return nil
    }
}
