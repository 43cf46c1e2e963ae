// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
@testable import AgencyRuntime
import Testing

/// Waits for people's words to runs that a process works on.
@Suite(.timeLimit(.minutes(4)))
struct LookoutTests {
    @Test func `whoever waits for a run that is taken once more is told, and only the later one waits on`() async {
        let lookout = Lookout()
        await withTaskGroup(of: (name: String, isTold: Bool).self) { group in
            group.addTask { ("earlier", await lookout.wait(for: "r", from: 0)) }
            while lookout.count == 0 { await Task.yield() }
            group.addTask { ("later", await lookout.wait(for: "r", from: 0)) }
            let earlier = await group.next()
            #expect(earlier?.name == "earlier" && earlier?.isTold == true)
            #expect(lookout.count == 1)
            group.cancelAll()
            let later = await group.next()
            #expect(later?.name == "later" && later?.isTold == false)
            #expect(lookout.count == 0)
        }
    }
}
