// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension SystemCallFilter {
    /// One instruction of the kernel's packet filter.
    ///
    /// > Source: Linux, Documentation/networking/filter.rst and Documentation/userspace-api/seccomp_filter.rst.
    struct Instruction: Sendable, Hashable {
        var code: UInt16
        /// How many instructions to pass over when a comparison holds, and when it does not.
        var ifSo: UInt8 = 0
        var ifNot: UInt8 = 0
        var value: UInt32

        static let loadCode: UInt16 = 0x20
        static let andCode: UInt16 = 0x54
        static let jumpCode: UInt16 = 0x05
        static let equalCode: UInt16 = 0x15
        static let greaterCode: UInt16 = 0x25
        static let answerCode: UInt16 = 0x06

        static func load(_ offset: UInt32) -> Instruction { Instruction(code: loadCode, value: offset) }
        static func answer(_ value: UInt32) -> Instruction { Instruction(code: answerCode, value: value) }

        var bytes: [UInt8] {
            [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), ifSo, ifNot]
                + (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
    }

    static let allow: UInt32 = 0x7FFF_0000
    static let kill: UInt32 = 0x8000_0000
    static func refuse(_ error: UInt16) -> UInt32 { 0x0005_0000 | UInt32(error) }

    private static let callOffset: UInt32 = 0
    private static let architectureOffset: UInt32 = 4
    private static func argumentOffset(_ index: Int) -> UInt32 { 16 + 8 * UInt32(index) }

    /// The filter as a program for one kind of processor.
    ///
    /// A call by the rules of another kind of processor ends the process: its numbers mean something else. On x86-64 the
    /// calls of x32 are above every number that is known, and are not there.
    func program(for architecture: Architecture) -> [Instruction] {
        var program: [Instruction] = [
            .load(Self.architectureOffset),
            Instruction(code: Instruction.equalCode, ifSo: 1, value: architecture.number), .answer(Self.kill),
            .load(Self.callOffset),
            Instruction(code: Instruction.greaterCode, ifNot: 1, value: Self.highest),
            .answer(Self.refuse(Self.notThere)),
        ]
        for rule in rules {
            guard let number = Self.number(of: rule.call, architecture) else { continue }
            var body = Self.instructions(rule.conditions)
            body.append(.answer(Self.refuse(rule.error)))
            // The conditions that do not hold lead here, where the number is to be at hand again.
            if !rule.conditions.isEmpty { body.append(.load(Self.callOffset)) }
            program.append(
                Instruction(code: Instruction.equalCode, ifNot: UInt8(clamping: body.count), value: number)
            )
            program += body
        }
        return program + [.answer(Self.allow)]
    }

    /// The program as the kernel takes it.
    func bytes(for architecture: Architecture) -> [UInt8] { program(for: architecture).flatMap(\.bytes) }

    /// Falls through when all conditions hold, else goes to what follows the answer behind it.
    private static func instructions(_ conditions: [Condition]) -> [Instruction] {
        var program: [Instruction] = []
        // Backwards, because how far it is to the end is known only there.
        for condition in conditions.reversed() {
            var part: [Instruction] = [.load(argumentOffset(condition.argument))]
            if condition.mask != .max { part.append(Instruction(code: Instruction.andCode, value: condition.mask)) }
            let end = program.count + 1
            let count = condition.values.count
            for (index, value) in condition.values.enumerated() {
                // To the first instruction behind this condition, or over all that is left.
                let here = count - 1 - index
                let away = condition.isOneOf ? here + 1 : here + end
                part.append(Instruction(code: Instruction.equalCode, ifSo: UInt8(clamping: away), value: value))
            }
            if condition.isOneOf { part.append(Instruction(code: Instruction.jumpCode, value: UInt32(end))) }
            program = part + program
        }
        return program
    }
}
