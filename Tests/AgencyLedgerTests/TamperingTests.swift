// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Testing

@Suite struct TamperingTests {
    let run: RunID = "run-1"
    let record = makeRecord(6)

    private func flips(of entry: Entry) -> [Entry] {
        func flipped(_ bytes: [UInt8]) -> [[UInt8]] {
            (0..<bytes.count * 8).map { bit in
                var copy = bytes
                copy[bit / 8] ^= 1 << (bit % 8)
                return copy
            }
        }
        var entries = flipped(entry.bytes).map { entry.with(bytes: $0) }
        entries += flipped(entry.previous.octets).compactMap(Digest.init(octets:)).map { entry.with(previous: $0) }
        entries += flipped(entry.hash.octets).compactMap(Digest.init(octets:)).map { entry.with(hash: $0) }
        entries += (0..<64).map { entry.with(sequence: entry.sequence ^ (1 << $0)) }
        entries += flipped(Array(entry.run.rawValue.utf8)).map {
            entry.with(run: RunID(String(decoding: $0, as: UTF8.self)))
        }
        return entries
    }

    @Test func `every flipped bit of every field is found, and the event is named`() {
        var count = 0
        for place in record.indices {
            for flipped in flips(of: record[place]) {
                var tampered = record
                tampered[place] = flipped
                let first = HashChain.verify(tampered, of: run).first
                if first?.sequence != place { Issue.record("missed at \(place): \(flipped)") }
                count += 1
            }
        }
        // Two hashes, the number and the name (5 bytes) of each, and the events themselves.
        #expect(count == record.reduce(0) { $0 + $1.bytes.count * 8 + 256 + 256 + 64 + 40 })
    }

    @Test func `every deleted and doubled byte of an event is found`() {
        for place in record.indices {
            for index in record[place].bytes.indices {
                var deleted = record[place].bytes
                deleted.remove(at: index)
                var doubled = record[place].bytes
                doubled.insert(doubled[index], at: index)
                for bytes in [deleted, doubled] {
                    var tampered = record
                    tampered[place] = record[place].with(bytes: bytes)
                    #expect(HashChain.verify(tampered, of: run).map(\.sequence) == [place])
                }
            }
        }
    }

    @Test func `events that are swapped are found`() {
        for left in record.indices {
            for right in record.indices where right > left {
                var tampered = record
                tampered.swapAt(left, right)
                let first = HashChain.verify(tampered, of: run).first
                #expect(first?.sequence == left)
                #expect(first?.kind == .gap)
            }
        }
    }

    @Test func `events that are swapped and numbered anew are found`() {
        for place in record.indices.dropLast() {
            var tampered = record
            tampered[place] = record[place + 1].with(sequence: place)
            tampered[place + 1] = record[place].with(sequence: place + 1)
            #expect(HashChain.verify(tampered, of: run).first?.sequence == place)
        }
    }

    @Test func `an event that is dropped from the middle is found as a gap`() {
        for place in record.indices.dropLast() {
            var tampered = record
            tampered.remove(at: place)
            let first = HashChain.verify(tampered, of: run).first
            #expect(first?.kind == .gap)
            #expect(first?.sequence == place)
        }
    }

    @Test func `an event that is repeated anywhere is found`() {
        for source in record.indices {
            for target in 0...record.count {
                var tampered = record
                tampered.insert(record[source], at: target)
                #expect(!HashChain.verify(tampered, of: run).isEmpty, "\(source) at \(target)")
            }
        }
    }

    @Test func `a tail that is cut at any event is found against an outside head, and only so`() {
        for length in record.indices {
            let cut = Array(record.prefix(length))
            #expect(HashChain.verify(cut, of: run) == [])
            let faults = HashChain.verify(cut, of: run, against: Head(record[5]))
            #expect(faults.map(\.kind) == [.cut])
            #expect(faults.first?.sequence == length)
        }
    }

    @Test func `events of another run do not fit in`() {
        let other = makeRecord(6, run: "run-2")
        for place in record.indices {
            var spliced = record
            spliced[place] = other[place]
            #expect(HashChain.verify(spliced, of: run).first?.sequence == place)
            spliced[place] = other[place].with(run: run)
            #expect(HashChain.verify(spliced, of: run).first?.sequence == place)
        }
        #expect(HashChain.verify(other, of: run).first?.kind == .wrongRun)
        #expect(!HashChain.verify(other.map { $0.with(run: run) }, of: run).isEmpty)
    }

    @Test func `a rewritten and chained suffix is found against an outside head`() {
        for place in record.indices {
            let kept = Array(record.prefix(place))
            let head = kept.last.map(Head.init(_:)) ?? Head(emptyRun: run)
            let events = record.dropFirst(place).map { $0.bytes + [0x20] }
            let forged = kept + HashChain.entries(of: events, run: run, after: head)
            #expect(HashChain.verify(forged, of: run) == [])
            let faults = HashChain.verify(forged, of: run, against: Head(record[5]))
            #expect(faults.map(\.kind) == [.headMismatch])
            // A head from before the rewrite cannot tell: what it vouches for is still there.
            if let older = kept.last { #expect(HashChain.verify(forged, of: run, against: Head(older)) == []) }
        }
    }

    @Test func `two records under one name are told apart by an outside head`() {
        let twin = makeRecord(6, salt: "twin")
        #expect(HashChain.verify(twin, of: run) == [])
        #expect(!HashChain.verify(twin, of: run, against: Head(record[3])).isEmpty)
    }

    @Test func `numbers at the ends of their range are faults, not traps`() {
        for number in [Int.min, -1, Int.max] {
            var tampered = record
            tampered[2] = record[2].with(sequence: number)
            #expect(HashChain.verify(tampered, of: run).first?.sequence == 2)
        }
    }

    @Test func `a record with very many faults is reported in bounded space`() {
        let shuffled = Array(makeRecord(500).reversed())
        #expect(HashChain.verify(shuffled, of: run).count == ChainCheck.maximumFaults)
    }
}
