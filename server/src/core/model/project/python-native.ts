/**
 * Python packages that need more than Python: what compiling them takes, and what they load or start at run time. Debian's names;
 * where a library's package is called something else in each release only its development package is given, and the `t64` that
 * newer releases put behind some names is left out: they provide both.
 */

export interface PythonNative {
  /** Wheels for Linux with glibc on amd64 and arm64 are on the index: nothing is compiled there. */
  readonly wheels: boolean;
  /** To compile it, beside a C compiler and Python's headers. */
  readonly builds?: readonly string[];
  /** Programs and libraries of the system it needs to run, which its wheels do not bring along. */
  readonly runs?: readonly string[];
}

const TABLE: Readonly<Record<string, PythonNative>> = {
  psycopg2: { wheels: false, builds: ["libpq-dev"], runs: ["libpq5"] },
  "psycopg2-binary": { wheels: true },
  psycopg: { wheels: true, runs: ["libpq5"] },
  mysqlclient: { wheels: false, builds: ["default-libmysqlclient-dev", "pkg-config"], runs: ["libmariadb3"] },
  mariadb: { wheels: false, builds: ["libmariadb-dev"], runs: ["libmariadb3"] },
  "python-ldap": { wheels: false, builds: ["libldap-dev", "libsasl2-dev"] },
  uwsgi: { wheels: false },
  pygraphviz: { wheels: false, builds: ["libgraphviz-dev"], runs: ["graphviz"] },
  graphviz: { wheels: true, runs: ["graphviz"] },
  pydot: { wheels: true, runs: ["graphviz"] },
  pycairo: { wheels: false, builds: ["libcairo2-dev", "pkg-config"], runs: ["libcairo2"] },
  pygobject: { wheels: false, builds: ["libgirepository1.0-dev", "libcairo2-dev"] },
  cairosvg: { wheels: true, runs: ["libcairo2"] },
  weasyprint: { wheels: true, runs: ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"] },
  "dbus-python": { wheels: false, builds: ["libdbus-1-dev", "libglib2.0-dev"] },
  pyaudio: { wheels: false, builds: ["portaudio19-dev"], runs: ["libportaudio2"] },
  sounddevice: { wheels: true, runs: ["libportaudio2"] },
  xmlsec: { wheels: true, builds: ["libxmlsec1-dev", "pkg-config"] },
  gdal: { wheels: false, builds: ["libgdal-dev"] },
  pyodbc: { wheels: true, builds: ["unixodbc-dev"], runs: ["unixodbc"] },
  "python-snappy": { wheels: true, builds: ["libsnappy-dev"] },
  "python-magic": { wheels: true, runs: ["libmagic1"] },
  pyzbar: { wheels: true, runs: ["libzbar0"] },
  pdf2image: { wheels: true, runs: ["poppler-utils"] },
  pytesseract: { wheels: true, runs: ["tesseract-ocr"] },
  wand: { wheels: true, builds: ["libmagickwand-dev"] },
  "opencv-python": { wheels: true, runs: ["libgl1", "libglib2.0-0"] },
  "opencv-contrib-python": { wheels: true, runs: ["libgl1", "libglib2.0-0"] },
  "opencv-python-headless": { wheels: true },
  pydub: { wheels: true, runs: ["ffmpeg"] },
  "ffmpeg-python": { wheels: true, runs: ["ffmpeg"] },
  "openai-whisper": { wheels: false, runs: ["ffmpeg"] },
  gitpython: { wheels: true, runs: ["git"] },
  playwright: { wheels: true, runs: ["a browser"] },
  pyppeteer: { wheels: true, runs: ["a browser"] },
  selenium: { wheels: true, runs: ["a browser"] },
  pyinstaller: { wheels: true, runs: ["binutils"] },
  lightgbm: { wheels: true, runs: ["libgomp1"] },
  rpy2: { wheels: false, runs: ["r-base"] },
  pysqlcipher3: { wheels: false, builds: ["libsqlcipher-dev"] },
  pylibmc: { wheels: true, builds: ["libmemcached-dev"] },
  pyscard: { wheels: false, builds: ["libpcsclite-dev", "swig"] },
  "systemd-python": { wheels: false, builds: ["libsystemd-dev"] },
  pycups: { wheels: false, builds: ["libcups2-dev"] },
  pyrfc: { wheels: false },
  fasttext: { wheels: false },
  annoy: { wheels: false },
  hnswlib: { wheels: false },
  pystemmer: { wheels: true },
};

export const pythonNatives = (names: Iterable<string>): ReadonlyMap<string, PythonNative> =>
  new Map(
    [...names].flatMap((name) => {
      const row = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
      return row ? [[name, row] as const] : [];
    }),
  );
