// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Cuts bytes where their content says so, so that two texts which share a part are cut alike in it.
///
/// A conversation that is sent again with a little more at its end then shares all but its last chunks with the one before,
/// and text that is inserted in the middle of a document changes the chunks around it and no others. The bytes never depend
/// on where they were cut: other bounds in a later version only share less with what is stored already.
///
/// > Source: W. Xia and others, “FastCDC: a Fast and Efficient Content-Defined Chunking Approach for Data Deduplication”,
/// > USENIX ATC 2016, algorithm 1 <https://www.usenix.org/conference/atc16/technical-sessions/presentation/xia>. The gear
/// > table is drawn from SplitMix64.
enum Chunking {
    /// Artefacts of fewer bytes are stored whole: their chunks would take more room than they could save.
    static let threshold = 2048
    static let minimumSize = 256
    /// The size from which a cut becomes likely, which is about the mean.
    static let normalSize = 1024
    static let maximumSize = 8192

    // Normalised chunking, level 2: before the normal size a cut needs two bits more than its logarithm, after it two less.
    private static let strictMask: UInt64 = mask(bits: 12)
    private static let easyMask: UInt64 = mask(bits: 8)

    /// The ends of the chunks, in order; the last is the end of the bytes.
    static func ends(in bytes: UnsafeRawBufferPointer) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(bytes.count / normalSize + 1)
        gear.withUnsafeBufferPointer { gear in
            var start = 0
            while start < bytes.count {
                start += length(of: bytes[start...], gear)
                ends.append(start)
            }
        }
        return ends
    }

    /// How long the first chunk of what is left is.
    private static func length(of rest: Slice<UnsafeRawBufferPointer>, _ gear: UnsafeBufferPointer<UInt64>) -> Int {
        let bytes = UnsafeRawBufferPointer(rebasing: rest)
        guard bytes.count > minimumSize else { return bytes.count }
        let end = min(bytes.count, maximumSize)
        let (strict, easy, normal) = (strictMask, easyMask, min(end, normalSize))
        var hash: UInt64 = 0
        var index = minimumSize
        while index < normal {
            // The bits on the left have seen the last 64 bytes.
            hash = (hash << 1) &+ gear[Int(bytes[index])]
            index += 1
            if hash & strict == 0 { return index }
        }
        while index < end {
            hash = (hash << 1) &+ gear[Int(bytes[index])]
            index += 1
            if hash & easy == 0 { return index }
        }
        return end
    }

    private static func mask(bits: Int) -> UInt64 { UInt64.max << (64 - bits) }

    private static let gear: [UInt64] = {
        var state: UInt64 = 0
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }()
}
