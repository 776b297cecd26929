# refused: it starts nodemon server.js, a server for development: build with RUN, and start what the build writes
