// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import HTTPTypes

/// What pages load besides themselves.
enum AssetRoutes {
    static func add(to routes: inout Routes) {
        routes.open(.get, "/console.css") { _, _ in Answers.text(Assets.stylesheet, "text/css; charset=utf-8") }
        routes.open(.get, "/console.js") { _, _ in
            Answers.text(Assets.script.description, "text/javascript; charset=utf-8")
        }
        routes.open(.get, "/icon.svg") { _, _ in Answers.text(Assets.icon.description, "image/svg+xml") }
    }
}
#endif
