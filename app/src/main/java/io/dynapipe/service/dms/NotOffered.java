package io.dynapipe.service.dms;

import io.dynapipe.service.aws.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations of DMS that this service does not have, each with the reason. */
final class NotOffered {

  private static final Map<String, String> GROUPS =
      Map.of(
          "Homogeneous data migrations run database tools; use a replication task.",
          "CreateDataMigration DeleteDataMigration DescribeDataMigrations ModifyDataMigration"
              + " StartDataMigration StopDataMigration",
          "Schema conversion is not part of replication: the sink makes tables from the events.",
          "CancelMetadataModelConversion CancelMetadataModelCreation CreateDataProvider"
              + " CreateInstanceProfile CreateMigrationProject DeleteDataProvider"
              + " DeleteInstanceProfile DeleteMigrationProject DescribeConversionConfiguration"
              + " DescribeDataProviders DescribeExtensionPackAssociations DescribeInstanceProfiles"
              + " DescribeMetadataModel DescribeMetadataModelAssessments"
              + " DescribeMetadataModelChildren DescribeMetadataModelConversions"
              + " DescribeMetadataModelCreations DescribeMetadataModelExportsAsScript"
              + " DescribeMetadataModelExportsToTarget DescribeMetadataModelImports"
              + " DescribeMigrationProjects ExportMetadataModelAssessment GetTargetSelectionRules"
              + " ModifyConversionConfiguration ModifyDataProvider ModifyInstanceProfile"
              + " ModifyMigrationProject StartExtensionPackAssociation"
              + " StartMetadataModelAssessment StartMetadataModelConversion"
              + " StartMetadataModelCreation StartMetadataModelExportAsScript"
              + " StartMetadataModelExportToTarget StartMetadataModelImport",
          "Fleet Advisor surveys many servers; AWS has retired it.",
          "CreateFleetAdvisorCollector DeleteFleetAdvisorCollector DeleteFleetAdvisorDatabases"
              + " DescribeFleetAdvisorCollectors DescribeFleetAdvisorDatabases"
              + " DescribeFleetAdvisorLsaAnalysis DescribeFleetAdvisorSchemaObjectSummary"
              + " DescribeFleetAdvisorSchemas RunFleetAdvisorLsaAnalysis",
          "Recommendations concern the choice of AWS's databases.",
          "BatchStartRecommendations DescribeRecommendationLimitations DescribeRecommendations"
              + " StartRecommendations",
          "There is no SNS here; poll DescribeEvents instead.",
          "CreateEventSubscription DeleteEventSubscription DescribeEventSubscriptions"
              + " ModifyEventSubscription UpdateSubscriptionsToEventBridge",
          "Instances have no maintenance.",
          "ApplyPendingMaintenanceAction",
          "Use StartReplicationTaskAssessmentRun and DescribeReplicationTaskAssessmentRuns.",
          "DescribeReplicationTaskAssessmentResults StartReplicationTaskAssessment");

  private NotOffered() {}

  static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    GROUPS.forEach(
        (reason, names) -> {
          for (String name : names.split(" +")) {
            operations.add(Operation.notOffered(name, "InvalidOperationFault", reason));
          }
        });
    return operations;
  }
}
