// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Testing

@Suite struct HashChainTests {
    /// Computed with another implementation of SHA-256 from the definition in ``HashChain``.
    @Test func `the hashes are those of the published definition`() {
        let events = [Array("{\"a\":1}".utf8), []]
        let entries = HashChain.entries(of: events, run: "run-1", after: Head(emptyRun: "run-1"))
        let genesis = "72aeaaffb01cedcde2bb74a0e0546f9c0f0d7a4d8083d0ed4193d520d9c57cbf"
        #expect(entries[0].previous.hex == genesis)
        #expect(entries[0].hash.hex == "ef416394e2dca266a1d570fe46c45888ecac9fa9258160e477da8a6f2ba74f9b")
        #expect(entries[1].hash.hex == "461d96ca306b88d26129fde2d47687e3dd6e08ad4539751cd5e440db965a95b9")
    }

    @Test func `a sound record has no faults, whatever part of it an outside head covers`() {
        let record = makeRecord(6)
        #expect(HashChain.verify(record, of: "run-1") == [])
        for entry in record { #expect(HashChain.verify(record, of: "run-1", against: Head(entry)) == []) }
        #expect(HashChain.verify([], of: "run-1", against: Head(emptyRun: "run-1")) == [])
    }

    @Test func `bytes cannot move between the fields of an entry`() {
        let previous = Digest(of: "previous")
        let one = HashChain.hash(run: "ab", sequence: 0, previous: previous, bytes: Array("c".utf8))
        let other = HashChain.hash(run: "a", sequence: 0, previous: previous, bytes: Array("bc".utf8))
        #expect(one != other)
    }

    @Test func `octets and digits of a digest stand for each other`() {
        let digest = Digest(of: "text")
        #expect(Digest(octets: digest.octets) == digest)
        #expect(digest.octets.count == 32)
        #expect(Digest(octets: digest.octets.dropLast()) == nil)
    }
}
