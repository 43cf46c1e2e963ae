// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
@testable import AgencyDeclaration
import AgencySchema
import Testing

/// Spoils good files at random; whatever is then read must be whole, with no name in it passed over.
@Suite struct FuzzTests {
    @Test(arguments: 0..<24) func `a spoilt architecture is refused or wholly read`(seed: UInt64) throws {
        for bytes in spoilt(Samples.architecture, seed: seed, count: 60) {
            guard let read = try? Declaration.readArchitecture(bytes: bytes, file: "a", tools: Samples.tools) else {
                continue
            }
            expectKnown(String(decoding: bytes, as: UTF8.self), DeclarationSchema.architecture)
            #expect(try Declaration.readArchitecture(text: Declaration.print(read), file: "b") == read)
        }
    }

    @Test(arguments: 0..<8) func `whatever is spoilt, the check comes to an end and says so`(seed: UInt64) throws {
        let settings = Samples.baseline
        for (index, bytes) in spoilt(Sound.board, seed: seed &+ 3000, count: 40).enumerated() {
            let others = spoilt(
                index.isMultiple(of: 2) ? settings : Sound.profiles,
                seed: seed &+ UInt64(index),
                count: 1
            )
            let sheets = Sheets(
                architecture: .init(file: "a", bytes: bytes),
                brief: .init(file: "b", text: Sound.brief),
                profiles: .init(file: "p", bytes: index.isMultiple(of: 2) ? Array(Sound.profiles.utf8) : others[0]),
                settings: .init(file: "s", bytes: index.isMultiple(of: 2) ? others[0] : Array(settings.utf8)),
                tools: Sound.tools
            )
            let report = Declaration.check(sheets)
            #expect(report.architecture != nil || report.count(.error) > 0)
            #expect(report.faults.allSatisfy { $0.line > 0 && $0.column > 0 && !$0.message.isEmpty })
            let isReadable = (try? Declaration.readArchitecture(bytes: bytes, file: "a", tools: Sound.tools)) != nil
            if report.passes { #expect(isReadable) }
            if !isReadable { #expect(!report.passes) }
        }
    }

    @Test(arguments: 0..<24) func `a spoilt brief is refused or wholly read`(seed: UInt64) throws {
        for bytes in spoilt(Samples.brief, seed: seed &+ 1000, count: 60) {
            guard let read = try? Declaration.readBrief(bytes: bytes, file: "b") else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            if let parts = SourceText(bytes: bytes, faults: FaultList(file: "b")).flatMap({
                BriefParts($0, faults: FaultList(file: "b"))
            }) {
                expectKnown(parts.head, DeclarationSchema.brief)
            } else {
                Issue.record("read what has no head: \(text)")
            }
            #expect(try Declaration.readBrief(text: Declaration.print(read), file: "b") == read, "\(text)")
        }
    }

    @Test(arguments: 0..<16) func `spoilt profiles are refused or wholly read`(seed: UInt64) throws {
        for bytes in spoilt(Samples.profiles, seed: seed &+ 2000, count: 60) {
            guard let read = try? Declaration.readProfiles(bytes: bytes, file: "p") else { continue }
            expectKnown(String(decoding: bytes, as: UTF8.self), DeclarationSchema.profiles)
            #expect(try Declaration.readProfiles(text: Declaration.print(read), file: "p") == read)
        }
    }

    @Test func `a misspelt name is never passed over`() throws {
        let names = [
            "kind", "performer", "narratives", "tools", "budget", "criteria", "repairs", "sketch", "count", "rounds",
        ]
        for name in names {
            let text = Samples.architecture.replacing(name + ":", with: name + "x:")
            #expect(throws: DeclarationError.self) { try Declaration.readArchitecture(text: text, file: "a") }
        }
    }

    private func expectKnown(_ text: String, _ schema: JSONSchema) {
        guard let value = json(text) else {
            Issue.record("read what is no YAML: \(text)")
            return
        }
        let passedOver = schema.validate(value).filter { $0.message.contains("unknown name") }
        #expect(passedOver.isEmpty, "\(passedOver)\n\(text)")
    }

    private func spoilt(_ text: String, seed: UInt64, count: Int) -> [[UInt8]] {
        var random = SplitMix64(state: seed)
        let good = Array(text.utf8)
        let telling = Array("\t\n :-#&*!|>{}[]\"'%@`,?~\\\u{0}\u{7f}".utf8) + [0xFF, 0xC3, 0xE2, 0x80]
        return (0..<count).map { _ in
            var bytes = good
            for _ in 0...random.next(below: 3) {
                let place = random.next(below: bytes.count)
                let byte =
                    random.next(below: 3) == 0
                    ? UInt8(random.next(below: 256)) : telling[random.next(below: telling.count)]
                switch random.next(below: 5) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2: bytes.remove(at: place)
                case 3:
                    let end = min(bytes.count, place + random.next(below: 40))
                    bytes.insert(contentsOf: bytes[place..<end], at: random.next(below: bytes.count))
                default:
                    let end = min(bytes.count, place + random.next(below: 12))
                    bytes.removeSubrange(place..<end)
                }
            }
            return bytes
        }
    }
}

/// > Source: G. L. Steele, D. Lea, C. H. Flood, Fast splittable pseudorandom number generators, 2014.
struct SplitMix64 {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, bound)))
    }
}
