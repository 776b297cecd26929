FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish Api/Api.csproj -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:9.0
WORKDIR /src
COPY --from=build /app /app
WORKDIR /app
EXPOSE 8080
USER app
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["bash","-c","exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ \"$s\" -lt 400 ]"]
ENTRYPOINT ["dotnet", "Api.dll"]

# .NET
# - runtime-base: the last stage is built on mcr.microsoft.com/dotnet/aspnet:9.0: the project is one of ASP.NET Core
# ? port: the service listens on the port the runtime image sets: 8080 from .NET 8 on, 80 before: the SDK's image sets none, and a service without one listens on localhost:5000, where nobody outside reaches it
# - files: /app is copied: dotnet publish writes there whatever runs
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
