var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => "Hello, world!\n");
app.MapGet("/health", () => Results.Ok(new { status = "ok" }));

app.Run();
