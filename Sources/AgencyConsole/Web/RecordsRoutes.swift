// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyReport
import AgencyRuntime
import Hummingbird

/// How good everybody's forecasts were.
struct RecordsRoutes: Sendable {
    let shelf: RecordShelf

    func add(to routes: inout Routes) {
        routes.get("/records", .see) { _, context in
            let (book, runs) = try await shelf.book()
            let frame = Frame(title: "Track records", access: try context.signedIn()) {
                tag("main", id: "main") {
                    tag("h1") { "Track records" }
                    RecordsPage(book, runs: runs).markup
                }
            }
            return Answers.page(frame)
        }
        routes.get("/api/records", .see) { _, _ in
            let (book, runs) = try await shelf.book()
            return Answers.json(book.json(runs: runs))
        }
    }
}
#endif
