// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct PlanVotesTests {
    @Test func `a million steps at 99 percent need four votes ahead`() async throws {
        try await Bench.with { bench in
            let planned = try await bench.agency(
                "plan-votes",
                "--success",
                "0.99",
                "--steps",
                "1048575",
                "--risk",
                "0.05",
                "--price",
                "0.00001"
            )
            #expect(planned.status == 0, "\(planned.testDescription)")
            #expect(planned.out.contains("vote: {ahead-by: 4}"))
            #expect(planned.out.contains("samples a step       4.0816"))
            #expect(planned.out.contains("cost                 $42.8"))
            #expect(planned.out.contains("chance of any error  1.0857 %"))
            #expect(planned.out.contains("Independent errors are assumed"))
        }
    }

    @Test func `a pilot in which errors repeat is believed, and the impossible is called so`() async throws {
        try await Bench.with { bench in
            try bench.write(
                "pilot.csv",
                "samples,right\n" + String(repeating: "4,4\n", count: 90) + String(repeating: "4,1\n", count: 10)
            )
            let refused = try await bench.agency("plan-votes", "--pilot", "pilot.csv", "--steps", "1000")
            #expect(refused.status == 1, "\(refused.testDescription)")
            #expect(refused.out.contains("IMPOSSIBLE"))
            #expect(refused.out.contains("vote: {verify: ROLE}"))
            #expect(refused.out.contains("Errors repeat"))
            let json = try await bench.agency("plan-votes", "--pilot", "pilot.csv", "--steps", "1000", "--json").json()
            #expect(json["possible"] == false)
            #expect(json["ahead_by"] == .null)
            #expect(json["independence_believable"] == false)
            #expect((json["correlation"]?.double ?? 0) > 0.5)
        }
    }

    @Test(arguments: ["4,5", "4", "0,0", "a,b\nc,d", "", "4,-1", "2,1,1"]) func `a pilot that is none is refused`(
        text: String
    )
        async throws
    {
        try await Bench.with { bench in
            try bench.write("pilot.csv", text)
            let refused = try await bench.agency("plan-votes", "--pilot", "pilot.csv")
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.complaints.count == 1)
            #expect(refused.err.contains("pilot.csv"))
        }
    }

    @Test func `a wrong command line ends with status 64`() async throws {
        try await Bench.with { bench in
            let wrong = [
                [], ["--success", "0.9", "--pilot", "p"], ["--success", "1.5"], ["--success", "0.9", "--risk", "0"],
                ["--success", "0.9", "--steps", "0"], ["--success", "nan"], ["--success", "0.9", "--price=-1"],
            ]
            for arguments in wrong {
                let refused = try await bench.agency(["plan-votes"] + arguments)
                #expect(refused.status == 64, "\(refused.testDescription)")
            }
        }
    }
}
