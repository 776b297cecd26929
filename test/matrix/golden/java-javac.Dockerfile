FROM eclipse-temurin:21-jdk AS build
WORKDIR /app
COPY . .
RUN javac -d out src/*.java && jar cfe app.jar Main -C out .

FROM eclipse-temurin:21-jre
WORKDIR /app
COPY --from=build /app/app.jar /app/app.jar
EXPOSE 8080
RUN groupadd --system --gid 10001 app \
 && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["curl","-fsS","-o","/dev/null","http://127.0.0.1:8080/"]
ENTRYPOINT ["java", "-jar", "app.jar"]

# Java (JDK)
# - runtime-base: the last stage is built on eclipse-temurin:21-jre: the Java of eclipse-temurin:21-jdk without compiler and build tool
# - files: /app/app.jar is copied: ENTRYPOINT starts it
# ? user: the image no longer runs as root: what it starts only reads its files; folders that it writes to have to belong to the user; or keep running as root
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
