//! Every route, declared once: with its description where it belongs to the API, and
//! always with a line in the table that tests walk.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::state::AppState;

/// A method and the template of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its variable parts in braces.
    pub path: String,
}

/// Routes as they are declared.
pub(super) struct Routes {
    router: OpenApiRouter<AppState>,
    /// Those without a description.
    undescribed: Vec<Route>,
}

impl Routes {
    /// None yet; the API is introduced by `api`.
    pub(super) fn of(api: OpenApi) -> Self {
        Self {
            router: OpenApiRouter::with_openapi(api),
            undescribed: Vec::new(),
        }
    }

    /// With what `utoipa_axum::routes!` makes of described handlers of one path.
    pub(super) fn described(mut self, handlers: UtoipaMethodRouter<AppState>) -> Self {
        self.router = self.router.routes(handlers);
        self
    }

    /// With a page or a file.
    pub(super) fn get<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.undescribed(Method::GET, path, |router| router.route(path, get(handler)))
    }

    /// With what takes a form.
    pub(super) fn post<H: Handler<T, AppState>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.undescribed(Method::POST, path, |router| {
            router.route(path, post(handler))
        })
    }

    fn undescribed(
        mut self,
        method: Method,
        path: &str,
        add: impl FnOnce(OpenApiRouter<AppState>) -> OpenApiRouter<AppState>,
    ) -> Self {
        self.router = add(self.router);
        let path = path.to_owned();
        self.undescribed.push(Route { method, path });
        self
    }

    /// The router, and the description of the API.
    pub(super) fn build(self) -> (Router<AppState>, OpenApi) {
        self.router.split_for_parts()
    }

    /// Every route, those of the API first.
    pub(super) fn table(self) -> Vec<Route> {
        let (_, api) = self.router.split_for_parts();
        let mut table = Vec::new();
        for (path, item) in api.paths.paths {
            let methods = [
                (Method::GET, item.get.is_some()),
                (Method::PUT, item.put.is_some()),
                (Method::POST, item.post.is_some()),
                (Method::PATCH, item.patch.is_some()),
                (Method::DELETE, item.delete.is_some()),
            ];
            let taken = methods.into_iter().filter(|(_, taken)| *taken);
            table.extend(taken.map(|(method, _)| Route {
                method,
                path: path.clone(),
            }));
        }
        table.extend(self.undescribed);
        table
    }
}
