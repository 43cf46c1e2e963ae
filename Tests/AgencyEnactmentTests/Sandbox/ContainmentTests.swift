// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite struct ContainmentTests {
    @Test func `a policy has one digest, and every change of it another`() throws {
        let policy = Sandbox().containment(access: .readWrite)
        #expect(try policy.digest() == Sandbox().containment(access: .readWrite).digest())
        var others = [policy, Sandbox().containment(access: .readOnly)]
        var limited = Sandbox()
        limited.limits.changedBytes += 1
        others.append(limited.containment(access: .readWrite))
        limited = Sandbox(readable: ["/opt/tools"])
        others.append(limited.containment(access: .readWrite))
        limited = Sandbox()
        limited.copies = true
        others.append(limited.containment(access: .readWrite))
        #expect(Set(try others.map { try $0.digest() }).count == others.count)
    }

    @Test func `a policy says what it is, and survives being written down`() throws {
        let policy = Sandbox().containment(access: .readWrite)
        #expect(policy.refusedCalls.contains("ptrace") && policy.refusedCalls.contains("io_uring_setup"))
        #expect(policy.arguments.contains("--unshare-all") && policy.filters.count == 2)
        let text = try JSONEncoder().encode(policy)
        #expect(try JSONDecoder().decode(Containment.self, from: text) == policy)
    }
}
