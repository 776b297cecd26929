/** What runs an image on Kubernetes: with the account, the ports and the limits that our Dockerfiles and compose files have. */
import { UID } from "../../server/src/core/generate/text.ts";
import type { Snippet } from "./snippet.ts";
import { digestStops, EXAMPLE_DIGEST, withTabStops, word } from "./tab-stops.ts";

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  labels:
    app.kubernetes.io/name: app
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: app
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: ${UID}
        runAsGroup: ${UID}
        fsGroup: ${UID}
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: ghcr.io/owner/repository:1.0.0@${EXAMPLE_DIGEST}
          ports:
            - name: http
              containerPort: 8080
          startupProbe:
            httpGet:
              path: /health
              port: http
            periodSeconds: 2
            failureThreshold: 30
          readinessProbe:
            httpGet:
              path: /health
              port: http
            periodSeconds: 10
            timeoutSeconds: 3
          livenessProbe:
            httpGet:
              path: /health
              port: http
            periodSeconds: 30
            timeoutSeconds: 3
            failureThreshold: 3
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 512Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
`;

export const kubernetesSnippets = (): readonly Snippet[] => [
  {
    prefix: "kubernetes-deployment",
    description: "Deployment of an image: probes, limits, no root, a file system that cannot be written",
    body: withTabStops(DEPLOYMENT, [
      { at: /name: (app)$/m },
      { at: /image: (\S+)@/ },
      word("8080"),
      word(String(UID)),
      { at: /path: (\/health)/ },
      { at: /replicas: (2)/ },
      ...digestStops(DEPLOYMENT),
    ]),
  },
];
