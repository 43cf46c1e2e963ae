// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgencyEnactment

/// The filter as the kernel would run it, for processors that are not at hand too.
@Suite struct SystemCallFilterTests {
    typealias Filter = SystemCallFilter

    /// Runs a program of the kernel's packet filter on one call.
    static func answer(
        _ program: [Filter.Instruction],
        _ call: UInt32,
        _ arguments: [UInt64] = [],
        architecture: UInt32
    ) -> UInt32? {
        var words: [UInt32: UInt32] = [0: call, 4: architecture]
        for index in 0..<6 {
            let value = index < arguments.count ? arguments[index] : 0
            words[16 + 8 * UInt32(index)] = UInt32(truncatingIfNeeded: value)
            words[20 + 8 * UInt32(index)] = UInt32(truncatingIfNeeded: value >> 32)
        }
        var register: UInt32 = 0
        var place = 0
        while program.indices.contains(place) {
            let instruction = program[place]
            place += 1
            switch instruction.code {
            case 0x20:
                guard let word = words[instruction.value] else { return nil }
                register = word
            case 0x54: register &= instruction.value
            case 0x05: place += Int(instruction.value)
            case 0x15: place += Int(register == instruction.value ? instruction.ifSo : instruction.ifNot)
            case 0x25: place += Int(register > instruction.value ? instruction.ifSo : instruction.ifNot)
            case 0x06: return instruction.value
            default: return nil
            }
        }
        return nil
    }

    static func answer(_ call: String, _ arguments: [UInt64] = [], _ architecture: Filter.Architecture) -> UInt32? {
        guard let number = Filter.number(of: call, architecture) else { return nil }
        let program = Filter.standard.program(for: architecture)
        return answer(program, number, arguments, architecture: architecture.number)
    }

    @Test(arguments: Filter.Architecture.allCases)
    func `what is to be refused is, whatever the arguments`(_ architecture: Filter.Architecture) {
        var seen = 0
        for rule in Filter.standard.rules where rule.conditions.isEmpty {
            guard Filter.number(of: rule.call, architecture) != nil else { continue }
            seen += 1
            for arguments: [UInt64] in [[], [.max, .max, .max, .max, .max, .max]] {
                #expect(Self.answer(rule.call, arguments, architecture) == 0x50000 | UInt32(rule.error), "\(rule.call)")
            }
        }
        #expect(seen > 50)
    }

    @Test func `every rule names a call that some processor has`() {
        for rule in Filter.standard.rules {
            #expect(Filter.Architecture.allCases.contains { Filter.number(of: rule.call, $0) != nil }, "\(rule.call)")
        }
        // Few enough for the kernel, and no jump further than its one byte says.
        for architecture in Filter.Architecture.allCases {
            let program = Filter.standard.program(for: architecture)
            #expect(program.count < 4096)
            #expect(program.flatMap(\.bytes).count == program.count * 8)
        }
    }

    @Test(arguments: Filter.Architecture.allCases)
    func `every call of an ordinary program is allowed`(_ architecture: Filter.Architecture) {
        let named = Set(Filter.standard.rules.compactMap { Filter.number(of: $0.call, architecture) })
        let program = Filter.standard.program(for: architecture)
        for call in 0...Filter.highest where !named.contains(call) {
            let answer = Self.answer(program, call, [.max, .max], architecture: architecture.number)
            #expect(answer == Filter.allow, "call \(call)")
        }
    }

    @Test(arguments: Filter.Architecture.allCases)
    func `foreign processors and calls that nobody knew are refused`(_ architecture: Filter.Architecture) {
        let program = Filter.standard.program(for: architecture)
        for other: UInt32 in [0x4000_0003, 0x4000_0028, 0, 0xC000_003E, 0xC000_00B7] where other != architecture.number
        {
            #expect(Self.answer(program, 0, architecture: other) == Filter.kill)
        }
        for call: UInt32 in [467, 468, 1000, 0x4000_0000, 0x4000_0000 + 101, .max] {
            #expect(Self.answer(program, call, architecture: architecture.number) == Filter.refuse(38), "call \(call)")
        }
    }

    @Test(arguments: Filter.Architecture.allCases)
    func `arguments decide, and only their lower half`(_ architecture: Filter.Architecture) {
        func isAllowed(_ call: String, _ arguments: [UInt64]) -> Bool {
            Self.answer(call, arguments, architecture) == Filter.allow
        }
        // What fork, threads and vfork ask for.
        for flags: UInt64 in [17, 0x120_0011, 0x3D0F00, 0x4111] { #expect(isAllowed("clone", [flags])) }
        let spaces: [UInt64] = [
            0x20000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000,
        ]
        for space in spaces {
            for call in ["clone", "unshare"] {
                #expect(
                    !isAllowed(call, [space]) && !isAllowed(call, [space | 17]) && !isAllowed(call, [space | 1 << 40])
                )
            }
        }
        #expect(!isAllowed("unshare", [0x80]) && isAllowed("unshare", [0x200]))
        for (request, isFine): (UInt64, Bool) in [(0x5401, true), (0x5412, false), (0x541C, false), (0x541B, true)] {
            #expect(isAllowed("ioctl", [0, request]) == isFine)
            #expect(isAllowed("ioctl", [0, request | 0xFFFF_FFFF << 32]) == isFine)
        }
        for persona: UInt64 in [0, 8, 0xFFFF_FFFF] { #expect(isAllowed("personality", [persona])) }
        for persona: UInt64 in [0x40000, 0x400000, 4] { #expect(!isAllowed("personality", [persona])) }
        for family: UInt64 in 0...60 {
            let isUsual = [1, 2, 10, 16].contains(family)
            #expect(isAllowed("socket", [family, 1, 0]) == isUsual, "family \(family)")
            #expect(isAllowed("socketpair", [family, 1, 0]) == (family == 1))
        }
        for family: UInt64 in [2, 10] {
            #expect(isAllowed("socket", [family, 0x80801, 6]) && isAllowed("socket", [family, 2, 17]))
            for kind: UInt64 in [3, 4, 5, 6, 10] { #expect(!isAllowed("socket", [family, kind, 0])) }
            for number: UInt64 in [1, 2, 33, 132, 136, 255, 262] { #expect(!isAllowed("socket", [family, 1, number])) }
        }
        for number: UInt64 in 1...25 { #expect(!isAllowed("socket", [16, 3, number])) }
        #expect(isAllowed("socket", [16, 3, 0]) && isAllowed("socket", [1, 5, 0]))
    }

    @Test func `a weakened filter would be noticed`() {
        // Each rule alone makes a difference, so that none is dead.
        for index in Filter.standard.rules.indices {
            var weaker = Filter.standard
            let rule = weaker.rules.remove(at: index)
            guard rule.conditions.isEmpty else { continue }
            for architecture in Filter.Architecture.allCases {
                guard let number = Filter.number(of: rule.call, architecture) else { continue }
                let answer = Self.answer(weaker.program(for: architecture), number, architecture: architecture.number)
                #expect(answer == Filter.allow, "\(rule.call)")
            }
        }
    }
}
