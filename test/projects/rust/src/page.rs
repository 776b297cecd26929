pub fn page(path: &str) -> (&'static str, String) {
    match path {
        "/" => ("200 OK", "Hello, world!\n".to_string()),
        "/health" => ("200 OK", "ok\n".to_string()),
        _ => ("404 Not Found", format!("nothing at {path}\n")),
    }
}
