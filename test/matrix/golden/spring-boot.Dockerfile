FROM maven:3.9-eclipse-temurin-21 AS build
WORKDIR /app
COPY pom.xml .
COPY src ./src
RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked mvn -B package -DskipTests

FROM eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /app/target/bookings-0.0.1-SNAPSHOT.jar /app/target/bookings-0.0.1-SNAPSHOT.jar
EXPOSE 8080
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["curl","-fsS","-o","/dev/null","http://127.0.0.1:8080/"]
CMD ["java", "-jar", "/app/target/bookings-0.0.1-SNAPSHOT.jar"]

# Java (Maven)
# - runtime-base: the last stage is built on eclipse-temurin:21-jre: the Java of maven:3.9-eclipse-temurin-21 without compiler and build tool
# - files: /app/target/bookings-0.0.1-SNAPSHOT.jar is copied: CMD starts it; or Spring Boot's layers one by one: a change of the program leaves those of its libraries as they are
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
