// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The hashes that bind each entry to its run, its place, its bytes and everything before it.
///
/// All numbers are 8 bytes, most significant first; hashes go in as their 32 raw bytes; texts and bytes are preceded by
/// their length, so that no two different entries have the same encoding:
///
/// ```
/// genesis = SHA-256("openagency.ledger.genesis.v1" 0x00 ‖ run)
/// hash    = SHA-256("openagency.ledger.entry.v2" 0x00 ‖ length(run) ‖ run ‖ sequence ‖ previous
///                   ‖ length(bytes) ‖ SHA-256(bytes))
/// ```
///
/// The bytes go in by their digest, so that a copy of the record from which some bytes were taken out still verifies.
///
/// > Source: hash chaining after Haber and Stornetta, “How to Time-Stamp a Digital Document” (1991)
/// > <https://doi.org/10.1007/BF00196791>; domain separation after RFC 6962 §2.1
/// > <https://www.rfc-editor.org/rfc/rfc6962#section-2.1>.
public enum HashChain {
    private static let genesisDomain = Array("openagency.ledger.genesis.v1\0".utf8)
    private static let entryDomain = Array("openagency.ledger.entry.v2\0".utf8)

    /// Computes what the first entry of a run names as its previous hash.
    public static func genesis(of run: RunID) -> Digest {
        Digest(of: genesisDomain + Array(run.rawValue.utf8))
    }

    /// Computes the hash of an entry.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    public static func hash(run: RunID, sequence: Int, previous: Digest, bytes: [UInt8]) -> Digest {
        hash(run: run, sequence: sequence, previous: previous, length: bytes.count, digest: Digest(of: bytes))
    }

    /// Computes the hash of an entry whose bytes are known by their length and digest only.
    public static func hash(run: RunID, sequence: Int, previous: Digest, length: Int, digest: Digest) -> Digest {
        var run = run.rawValue
        return run.withUTF8 { name in
            // On the stack: this is done once or twice for every event there is.
            withUnsafeTemporaryAllocation(
                byteCount: entryDomain.count + name.count + 3 * 8 + 2 * 32,
                alignment: 8
            ) { input in
                var end = 0
                entryDomain.withUnsafeBytes { write($0, to: input, at: &end) }
                write(name.count, to: input, at: &end)
                write(UnsafeRawBufferPointer(name), to: input, at: &end)
                write(sequence, to: input, at: &end)
                previous.withUnsafeOctets { write($0, to: input, at: &end) }
                write(length, to: input, at: &end)
                digest.withUnsafeOctets { write($0, to: input, at: &end) }
                return Digest(of: UnsafeRawBufferPointer(input))
            }
        }
    }

    /// Makes the entries that follow a head.
    public static func entries(of events: [[UInt8]], run: RunID, after head: Head) -> [Entry] {
        var head = head
        return events.map { bytes in
            let sequence = head.sequence + 1
            let hash = hash(run: run, sequence: sequence, previous: head.hash, bytes: bytes)
            let entry = Entry(run: run, sequence: sequence, previous: head.hash, hash: hash, bytes: bytes)
            head = Head(entry)
            return entry
        }
    }

    /// Checks a run's whole record, from its first entry.
    ///
    /// A record whose end was cut off is a sound shorter record; only a head that was kept elsewhere tells the
    /// difference.
    ///
    /// - Parameters:
    ///   - entries: The entries, in the order in which they are kept.
    ///   - run: The run that they are said to belong to.
    ///   - head: A head that was kept outside the store, which the record has to pass through.
    /// - Returns: The faults in order; the first names the first bad event. None when the record is sound.
    public static func verify(
        _ entries: some Sequence<Entry>,
        of run: RunID,
        against head: Head? = nil
    ) -> [ChainFault] {
        var check = ChainCheck(run: run, against: head)
        for entry in entries { check.visit(entry) }
        check.finish()
        return check.faults
    }

    private static func write(_ number: Int, to input: UnsafeMutableRawBufferPointer, at end: inout Int) {
        // The bit pattern, so that even a sequence that no ledger writes has one encoding and no trap.
        withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).bigEndian) { write($0, to: input, at: &end) }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to input: UnsafeMutableRawBufferPointer,
        at end: inout Int
    ) {
        UnsafeMutableRawBufferPointer(rebasing: input[end...]).copyMemory(from: bytes)
        end += bytes.count
    }
}
