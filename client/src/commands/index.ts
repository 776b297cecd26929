/** Every command of package.json and what runs it. */
import { checkReproducibility } from "./check-reproducibility.ts";
import type { Command } from "./command.ts";
import { buildImage } from "./build-image.ts";
import { buildImageWithOptions } from "./build-image-with-options.ts";
import { bumpPackage } from "./bump-package.ts";
import { composeRun } from "./compose-run.ts";
import { checkBuild } from "./check-build.ts";
import { containerize } from "./containerize.ts";
import { convertToMultiStage } from "./convert-to-multi-stage.ts";
import { createBuilder } from "./create-builder.ts";
import { explainRule } from "./explain-rule.ts";
import { exportSarif } from "./export-sarif.ts";
import { openAdvisory, openFinding } from "./findings-open.ts";
import { clearFindings, clearFindingsFilter, filterFindings, groupFindings } from "./findings-show.ts";
import { fixAllSafe } from "./fix-all-safe.ts";
import { ignoreVulnerability } from "./ignore-vulnerability.ts";
import { pinAllBaseImages } from "./pin-all-base-images.ts";
import { pinImage } from "./pin-image.ts";
import { pinWorkspace } from "./pin-workspace.ts";
import { restartServer } from "./restart-server.ts";
import { lookUpImage } from "./look-up-image.ts";
import { scanAgain } from "./scan-again.ts";
import { scanBaseImages } from "./scan-base-images.ts";
import { scanImage } from "./scan-image.ts";
import { scanWorkspace } from "./scan-workspace.ts";
import { generateSbom } from "./generate-sbom.ts";
import { openLine } from "./open-line.ts";
import { replaceCi } from "./replace-ci.ts";
import { openSbom } from "./open-sbom.ts";
import { saveSbom } from "./save-sbom.ts";
import { closeSbom } from "./close-sbom.ts";
import { filterSbom } from "./filter-sbom.ts";
import { groupSbom } from "./group-sbom.ts";
import { findPackage } from "./find-package.ts";
import { compareSboms } from "./compare-sboms.ts";
import { pushImage } from "./push-image.ts";
import { signImage } from "./sign-image.ts";
import { verifyImage } from "./verify-image.ts";
import { verifyRefactoring } from "./verify-refactoring.ts";
import { attachSbom } from "./attach-sbom.ts";
import { generateCi } from "./generate-ci.ts";
import { selectBuilder } from "./select-builder.ts";
import { closeLayers } from "./close-layers.ts";
import { compareLayers } from "./compare-layers.ts";
import { compareLayersWithLastBuild } from "./compare-layers-with-last-build.ts";
import { endLayerComparison } from "./end-layer-comparison.ts";
import { refreshLayers } from "./refresh-layers.ts";
import { showBaseImageLayers } from "./show-base-image-layers.ts";
import { showLayers } from "./show-layers.ts";
import { showLayersOf } from "./show-layers-of.ts";
import { showLog } from "./show-log.ts";
import { unpinImage } from "./unpin-image.ts";
import { updateAllDigests } from "./update-all-digests.ts";
import { updateBaseImage } from "./update-base-image.ts";
import { updateDigest } from "./update-digest.ts";
import { updateWorkspaceDigests } from "./update-workspace-digests.ts";
import { whyRestricted } from "./why-restricted.ts";

export const commandTable: Readonly<Record<string, Command>> = {
  "dockwright.fixAllSafe": fixAllSafe,
  "dockwright.pinAllBaseImages": pinAllBaseImages,
  "dockwright.updateAllDigests": updateAllDigests,
  "dockwright.pinWorkspace": pinWorkspace,
  "dockwright.updateWorkspaceDigests": updateWorkspaceDigests,
  "dockwright.pinImage": pinImage,
  "dockwright.updateDigest": updateDigest,
  "dockwright.unpinImage": unpinImage,
  "dockwright.convertToMultiStage": convertToMultiStage,
  "dockwright.verifyRefactoring": verifyRefactoring,
  "dockwright.explainRule": explainRule,
  "dockwright.compose.run": composeRun,
  "dockwright.buildImage": buildImage,
  "dockwright.buildImageWithOptions": buildImageWithOptions,
  "dockwright.checkBuild": checkBuild,
  "dockwright.selectBuilder": selectBuilder,
  "dockwright.createBuilder": createBuilder,
  "dockwright.lookUpImage": lookUpImage,
  "dockwright.scanImage": scanImage,
  "dockwright.scanBaseImages": scanBaseImages,
  "dockwright.scanWorkspace": scanWorkspace,
  "dockwright.scanAgain": scanAgain,
  "dockwright.exportSarif": exportSarif,
  "dockwright.ignoreVulnerability": ignoreVulnerability,
  "dockwright.updateBaseImage": updateBaseImage,
  "dockwright.bumpPackage": bumpPackage,
  "dockwright.findings.open": openFinding,
  "dockwright.findings.openAdvisory": openAdvisory,
  "dockwright.findings.group": groupFindings,
  "dockwright.findings.filter": filterFindings,
  "dockwright.findings.clearFilter": clearFindingsFilter,
  "dockwright.findings.clear": clearFindings,
  "dockwright.generateSbom": generateSbom,
  "dockwright.openSbom": openSbom,
  "dockwright.saveSbom": saveSbom,
  "dockwright.closeSbom": closeSbom,
  "dockwright.filterSbom": filterSbom,
  "dockwright.groupSbom": groupSbom,
  "dockwright.findPackage": findPackage,
  "dockwright.compareSboms": compareSboms,
  "dockwright.pushImage": pushImage,
  "dockwright.signImage": signImage,
  "dockwright.verifyImage": verifyImage,
  "dockwright.attachSbom": attachSbom,
  "dockwright.containerize": containerize,
  "dockwright.generateCi": generateCi,
  "dockwright.checkReproducibility": checkReproducibility,
  "dockwright.openLine": openLine,
  "dockwright.whyRestricted": whyRestricted,
  "dockwright.replaceCi": replaceCi,
  "dockwright.showLayers": showLayers,
  "dockwright.showLayersOf": showLayersOf,
  "dockwright.showBaseImageLayers": showBaseImageLayers,
  "dockwright.compareLayers": compareLayers,
  "dockwright.compareLayersWithLastBuild": compareLayersWithLastBuild,
  "dockwright.endLayerComparison": endLayerComparison,
  "dockwright.refreshLayers": refreshLayers,
  "dockwright.closeLayers": closeLayers,
  "dockwright.restartServer": restartServer,
  "dockwright.showLog": showLog,
};
