FROM php:8.4-apache AS build
RUN apt-get update && apt-get install -y git unzip libzip-dev && docker-php-ext-install zip
COPY --from=composer:2 /usr/bin/composer /usr/bin/composer
WORKDIR /var/www/html
COPY . .
RUN --mount=type=cache,target=/var/cache/composer COMPOSER_CACHE_DIR=/var/cache/composer composer install --optimize-autoloader

FROM php:8.4-apache
RUN apt-get update && apt-get install -y libzip-dev && docker-php-ext-install zip
WORKDIR /var/www/html
COPY --from=build /var/www/html /var/www/html
EXPOSE 80
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["php","-r","exit(@file_get_contents('http://127.0.0.1:80/')===false?1:0);"]

# PHP
# - runtime-base: the last stage is built on php:8.4-apache: extensions have to fit it, and are installed in both stages
# - files: /var/www/html is copied from the first stage as a whole: Composer and the build of assets write into it
# - packages:git: git, unzip stay in the first stage: they only build
# - caches: what package managers download is kept in cache mounts: the next build finds it there, and no layer holds it; or no cache mounts
# - user: the image runs as before: php starts as root on purpose: Apache's parent process opens port 80 as root and its workers run as www-data
# ? healthcheck: a HEALTHCHECK asks the port for its first page: an orchestrator sees then that the service hangs; the path / is a guess; or no HEALTHCHECK
