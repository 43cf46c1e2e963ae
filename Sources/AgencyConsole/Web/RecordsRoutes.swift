// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyReport
import AgencyRuntime
import AgencySchema
import Hummingbird

/// How good everybody's forecasts were.
struct RecordsRoutes: Sendable {
    let agency: Agency

    func add(to routes: inout Routes) {
        routes.get("/records", .see) { _, context in
            let (book, runs) = try await agency.records.book()
            let mandates = MandatesText(try await agency.mandates())
            let frame = Frame(title: "Track records", access: try context.signedIn()) {
                tag("main", id: "main") {
                    tag("h1") { "Track records" }
                    RecordsPage(book, runs: runs).markup
                    tag("h2", id: "mandates") { "Choices by rule" }
                    for paragraph in mandates.paragraphs { tag("p") { paragraph } }
                }
            }
            return Answers.page(frame)
        }
        routes.get("/api/records", .see) { _, _ in
            let (book, runs) = try await agency.records.book()
            return Answers.json(book.json(runs: runs))
        }
        routes.get("/api/mandates", .see) { _, _ in
            Answers.json(["mandates": MandatesText.json(try await agency.mandates())])
        }
    }
}
#endif
